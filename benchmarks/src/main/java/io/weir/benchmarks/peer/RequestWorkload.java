package io.weir.benchmarks.peer;

/**
 * Requests from client to server, all in one connection, in a closed loop: a fixed number is in flight, and each reply
 * lets the next request go. A reply is its request's payload.
 *
 * @param id short unique name
 * @param inFlight requests in flight at any time, at least 1
 * @param payloadBytes length of each request and each reply, at least {@link Requests#MIN_BYTES}
 */
public record RequestWorkload(String id, int inFlight, int payloadBytes) implements Workload {
    public RequestWorkload {
        if (inFlight < 1) {
            throw new IllegalArgumentException("inFlight = " + inFlight + ", legal: 1 and above");
        }
        if (payloadBytes < Requests.MIN_BYTES) {
            throw new IllegalArgumentException(
                    "payloadBytes = " + payloadBytes + ", legal: " + Requests.MIN_BYTES + " and above");
        }
    }

    @Override
    public String title() {
        return "requests of " + payloadBytes + " B and as large replies, " + inFlight + " in flight";
    }

    @Override
    public String unit() {
        return "req";
    }
}
