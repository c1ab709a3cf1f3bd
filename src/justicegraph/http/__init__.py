"""Rules of HTTP that several packages need: Accept headers, parameters, the Host header, problem documents."""
