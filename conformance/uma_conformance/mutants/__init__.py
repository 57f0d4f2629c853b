"""Generated mutants: one thing of one recorded answer is changed, and the trace is judged anew."""
