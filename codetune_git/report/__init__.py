"""Findings in every report format. Knows findings and staged contents; does not know files, terminals or git."""
