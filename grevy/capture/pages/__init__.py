"""What people see, a module for each screen: a view fetches, calls one action, renders."""
