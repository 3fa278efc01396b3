"""The networks: the only folder that knows one."""
