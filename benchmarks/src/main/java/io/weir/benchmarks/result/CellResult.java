package io.weir.benchmarks.result;

import io.weir.benchmarks.measure.Percentiles;
import io.weir.benchmarks.measure.Summary;
import io.weir.benchmarks.measure.Window;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * One peer under one workload.
 *
 * @param workload the workload's id
 * @param peer the peer's id
 * @param detail what the peer negotiated, may be empty
 * @param windows the measuring windows, one for each round; empty if the cell failed
 * @param extras what is not of a round
 * @param failure why there are no windows, empty if there are
 */
public record CellResult(
        String workload, String peer, String detail, List<Window> windows, Extras extras, String failure) {

    /**
     * What is measured beside the rounds.
     *
     * @param idleShare what both processes used of a processor while they were paused, 0 to the number of processors
     * @param systemCalls if they could be counted
     * @param coldStart if it was asked for
     */
    public record Extras(double idleShare, Optional<CountedCalls> systemCalls, Optional<ColdStart> coldStart) {
        /** Of a cell that has none. */
        public static final Extras NONE = new Extras(0, Optional.empty(), Optional.empty());
    }

    public CellResult {
        windows = List.copyOf(windows);
        if (windows.isEmpty() == failure.isEmpty()) {
            throw new IllegalArgumentException("a cell has either windows or a failure, not " + windows.size()
                    + " windows and failure '" + failure + "'");
        }
    }

    /** A cell that could not be measured. */
    public static CellResult failed(String workload, String peer, String reason) {
        return new CellResult(workload, peer, "", List.of(), Extras.NONE, reason.isEmpty() ? "unknown" : reason);
    }

    /** Whether there are figures. */
    public boolean isMeasured() {
        return failure.isEmpty();
    }

    /** Elements or replies per second at the receiver; only of a measured cell, as all below. */
    public Summary rate() {
        return summary(Window::elementsPerSecond);
    }

    /** Payload bytes per second at the receiver. */
    public Summary bytesRate() {
        return summary(Window::bytesPerSecond);
    }

    /** CPU time of the sending process for one element or request, in ns. */
    public Summary senderCpuNanos() {
        return summary(window -> window.sender().cpuNanos());
    }

    /** CPU time of the receiving process for one element or request, in ns. */
    public Summary receiverCpuNanos() {
        return summary(window -> window.receiver().cpuNanos());
    }

    /** Heap bytes allocated by the sending process for one element or request. */
    public Summary senderAllocatedBytes() {
        return summary(window -> window.sender().allocatedBytes());
    }

    /** Heap bytes allocated by the receiving process for one element or request. */
    public Summary receiverAllocatedBytes() {
        return summary(window -> window.receiver().allocatedBytes());
    }

    /** Whether it has latencies: of requests. */
    public boolean isTimed() {
        return isMeasured()
                && windows.stream().allMatch(window -> window.latency().isPresent());
    }

    /** One percentile of the latency, in ns; only of a timed cell. */
    public Summary latencyNanos(ToDoubleFunction<Percentiles> percentile) {
        return summary(window -> percentile.applyAsDouble(window.latency().orElseThrow()));
    }

    private Summary summary(ToDoubleFunction<Window> quantity) {
        return Summary.of(windows, quantity);
    }
}
