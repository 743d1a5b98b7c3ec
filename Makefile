# Aliases of start.py, where everything is said.
.PHONY: run setup test check bench lock

run:
	python3 start.py

setup test check bench lock:
	python3 start.py $@
