package io.weir.benchmarks.result;

import io.weir.benchmarks.measure.Percentiles;
import io.weir.benchmarks.measure.Summary;
import io.weir.benchmarks.measure.Window;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * One peer under one workload.
 *
 * @param workload the workload's id
 * @param peer the peer's id
 * @param detail what the peer negotiated, may be empty
 * @param windows the measuring windows, empty if the cell failed
 * @param failure why there are no windows, empty if there are
 */
public record CellResult(String workload, String peer, String detail, List<Window> windows, String failure) {
    public CellResult {
        windows = List.copyOf(windows);
        if (windows.isEmpty() == failure.isEmpty()) {
            throw new IllegalArgumentException("a cell has either windows or a failure, not " + windows.size()
                    + " windows and failure '" + failure + "'");
        }
    }

    /** A cell that was measured. */
    public static CellResult measured(String workload, String peer, String detail, List<Window> windows) {
        return new CellResult(workload, peer, detail, windows, "");
    }

    /** A cell that could not be measured. */
    public static CellResult failed(String workload, String peer, String reason) {
        return new CellResult(workload, peer, "", List.of(), reason.isEmpty() ? "unknown" : reason);
    }

    /** Whether there are figures. */
    public boolean isMeasured() {
        return failure.isEmpty();
    }

    /** Elements or replies per second at the receiver; only of a measured cell, as all below. */
    public Summary rate() {
        return Summary.of(windows, Window::elementsPerSecond);
    }

    /** Payload bytes per second at the receiver. */
    public Summary bytesRate() {
        return Summary.of(windows, Window::bytesPerSecond);
    }

    /** CPU time of the sending process for one element or request, in ns. */
    public Summary senderCpuNanos() {
        return Summary.of(windows, window -> window.sender().cpuNanos());
    }

    /** CPU time of the receiving process for one element or request, in ns. */
    public Summary receiverCpuNanos() {
        return Summary.of(windows, window -> window.receiver().cpuNanos());
    }

    /** Heap bytes allocated by the sending process for one element or request. */
    public Summary senderAllocatedBytes() {
        return Summary.of(windows, window -> window.sender().allocatedBytes());
    }

    /** Heap bytes allocated by the receiving process for one element or request. */
    public Summary receiverAllocatedBytes() {
        return Summary.of(windows, window -> window.receiver().allocatedBytes());
    }

    /** Whether it has latencies: of requests. */
    public boolean isTimed() {
        return isMeasured()
                && windows.stream().allMatch(window -> window.latency().isPresent());
    }

    /** One percentile of the latency, in ns; only of a timed cell. */
    public Summary latencyNanos(ToDoubleFunction<Percentiles> percentile) {
        return Summary.of(
                windows, window -> percentile.applyAsDouble(window.latency().orElseThrow()));
    }
}
