package io.weir.benchmarks.measure;

import java.util.Optional;

/**
 * One measuring window, seen at the receiver, which for requests is who asked.
 *
 * @param seconds its length by the receiver's clock
 * @param elementsPerSecond elements or replies received per second
 * @param bytesPerSecond payload bytes received per second
 * @param sender what an element or request cost the sending or answering process
 * @param receiver what it cost the receiving or requesting process
 * @param latency how long replies took; none without requests
 */
public record Window(
        double seconds,
        double elementsPerSecond,
        double bytesPerSecond,
        Cost sender,
        Cost receiver,
        Optional<Percentiles> latency) {

    /**
     * What one element cost a process.
     *
     * @param cpuNanos process CPU time in ns, all threads, JIT and garbage collection included
     * @param allocatedBytes bytes allocated on the heap
     * @param gcShare share of the window spent in garbage collection, 0 to 1
     */
    public record Cost(double cpuNanos, double allocatedBytes, double gcShare) {}

    /**
     * The window between two pairs of samples. The two processes are sampled some microseconds apart, so each one's
     * totals are set in relation to its own time, and elements to the receiver's.
     *
     * @throws IllegalStateException if nothing arrived or an element was not as sent: such a window measures nothing
     */
    public static Window between(Sample sender0, Sample sender1, Sample receiver0, Sample receiver1) {
        long elements = receiver1.elements() - receiver0.elements();
        if (elements <= 0) {
            throw new IllegalStateException("no element or reply arrived in a window: the peer stalls");
        }
        if (receiver1.corrupt() > 0) {
            throw new IllegalStateException(receiver1.corrupt() + " elements or replies were not as sent");
        }
        double seconds = (receiver1.nanos() - receiver0.nanos()) / 1e9;
        double rate = elements / seconds;
        return new Window(
                seconds,
                rate,
                (receiver1.bytes() - receiver0.bytes()) / seconds,
                cost(sender0, sender1, rate),
                cost(receiver0, receiver1, rate),
                receiver1.latencies().since(receiver0.latencies()).percentiles());
    }

    private static Cost cost(Sample from, Sample to, double elementsPerSecond) {
        double seconds = (to.nanos() - from.nanos()) / 1e9;
        double elements = elementsPerSecond * seconds;
        return new Cost(
                (to.cpuNanos() - from.cpuNanos()) / elements,
                (to.allocatedBytes() - from.allocatedBytes()) / elements,
                (to.gcMillis() - from.gcMillis()) / 1e3 / seconds);
    }
}
