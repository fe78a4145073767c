package io.weir.benchmarks.measure;

/** What of a window is compared between peers, round by round. */
public enum Figure {
    /** Elements or replies per second. */
    RATE("rate", true) {
        @Override
        public double of(Window window) {
            return window.elementsPerSecond();
        }
    },
    /** CPU time of both processes for one element or request. */
    CPU("CPU", true) {
        @Override
        public double of(Window window) {
            return window.sender().cpuNanos() + window.receiver().cpuNanos();
        }
    },
    /** Median latency. */
    P50("p50", true) {
        @Override
        public double of(Window window) {
            return window.latency().orElseThrow().p50Nanos();
        }
    },
    /**
     * 99th percentile of latency. A tail moves so much from window to window that a run does not wait for its ratio to
     * settle: its spread is reported beside it.
     */
    P99("p99", false) {
        @Override
        public double of(Window window) {
            return window.latency().orElseThrow().p99Nanos();
        }
    };

    private final String id;
    private final boolean settles;

    Figure(String id, boolean settles) {
        this.id = id;
        this.settles = settles;
    }

    /** Its value in a window that has it. */
    public abstract double of(Window window);

    /** Short name for reports. */
    public String id() {
        return id;
    }

    /** Whether a run goes on until this figure's ratios are within their bound. */
    public boolean settles() {
        return settles;
    }

    /** Whether a window has it: latencies are of requests only. */
    public boolean isIn(Window window) {
        return this == RATE || this == CPU || window.latency().isPresent();
    }
}
