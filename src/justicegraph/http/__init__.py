"""Rules of HTTP that several rooms need: Accept headers, parameters, the Host header, problem documents."""
