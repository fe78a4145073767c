package io.weir.benchmarks.peer;

import java.util.ArrayList;
import java.util.List;

/** Reception or replies with a counter each, a gate and a list of failures. */
public final class Counted implements Reception {
    private final Gate gate;
    private final ElementCounter counter;
    private final List<Throwable> failures = new ArrayList<>();

    /** Elements of that length, asked for as the gate allows. */
    public Counted(int expectedLength, Gate gate) {
        this.counter = new ElementCounter(expectedLength);
        this.gate = gate;
    }

    @Override
    public ElementCounter counter(int index) {
        return counter;
    }

    @Override
    public Gate gate() {
        return gate;
    }

    @Override
    public void failed(Throwable reason) {
        failures.add(reason);
    }

    /** What was reported. */
    public List<Throwable> failures() {
        return failures;
    }
}
