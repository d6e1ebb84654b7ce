"""What people see, a module for each screen. A view fetches, calls one action, renders; `routes` asks first."""
