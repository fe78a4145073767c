package io.weir.benchmarks.result;

import io.weir.benchmarks.measure.SystemCalls;

/**
 * The system calls of both processes of a pair in a window of their own.
 *
 * @param tool what counted them: {@code perf}, or {@code strace}, which slows what it counts
 * @param elements elements or replies that came in the window
 * @param bytes payload bytes that came in it
 * @param sender of the sending or answering process
 * @param receiver of the receiving or requesting process
 */
public record CountedCalls(String tool, long elements, long bytes, SystemCalls sender, SystemCalls receiver) {
    private static final double MEGABYTE = 1e6;

    public CountedCalls {
        if (elements < 1 || bytes < 1) {
            throw new IllegalArgumentException(
                    "elements = " + elements + ", bytes = " + bytes + ", legal: 1 and above");
        }
    }

    /** Calls of the sending process for 10^6 bytes of payload. */
    public double senderPerMegabyte() {
        return sender.total() * MEGABYTE / bytes;
    }

    /** Calls of the receiving process for 10^6 bytes of payload. */
    public double receiverPerMegabyte() {
        return receiver.total() * MEGABYTE / bytes;
    }

    /** Calls of the sending process for one element or request. */
    public double senderPerElement() {
        return (double) sender.total() / elements;
    }

    /** Calls of the receiving process for one element or request. */
    public double receiverPerElement() {
        return (double) receiver.total() / elements;
    }
}
