"""Where lines begin, end and break, and the lines between statements. Changes no expression."""
