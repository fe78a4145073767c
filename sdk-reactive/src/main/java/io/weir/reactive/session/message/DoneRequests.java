package io.weir.reactive.session.message;

import io.weir.core.error.ErrorCode;
import io.weir.reactive.NodeObserver.RequestsDone;
import java.util.Arrays;
import java.util.Objects;

/**
 * Requests that have ended and of which the observer is yet to be told: {@value #MOST} at most, in columns, so that one more
 * costs no object. Loop-confined.
 */
final class DoneRequests implements RequestsDone {

    static final int MOST = 64;

    /** Room at first: most sessions never need more. */
    private static final int FEW = 4;

    private static final long UNTIMED = -1;

    private String[] routes = new String[FEW];
    private ErrorCode[] outcomes = new ErrorCode[FEW];
    private long[] codes = new long[FEW];
    private long[] queueNanos = new long[FEW];
    private long[] serviceNanos = new long[FEW];
    private int size;

    void add(String route, ErrorCode outcome, long code, long queued, long served) {
        int i = size;
        if (i == routes.length) {
            grow();
        }
        routes[i] = route;
        outcomes[i] = outcome;
        codes[i] = code;
        queueNanos[i] = queued;
        serviceNanos[i] = served;
        size = i + 1;
    }

    /** One whose times are told by {@link #time}. */
    void addUntimed(String route, ErrorCode outcome, long code) {
        add(route, outcome, code, 0, UNTIMED);
    }

    private void grow() {
        if (isFull()) {
            throw new IllegalStateException("nobody was told of " + this);
        }
        int room = Math.min(MOST, 2 * routes.length);
        routes = Arrays.copyOf(routes, room);
        outcomes = Arrays.copyOf(outcomes, room);
        codes = Arrays.copyOf(codes, room);
        queueNanos = Arrays.copyOf(queueNanos, room);
        serviceNanos = Arrays.copyOf(serviceNanos, room);
    }

    /** Those without times waited one after the other, the first so long, and each was handled for as long as the others. */
    void time(long firstQueued, long served) {
        long queued = firstQueued;
        for (int i = 0; i < size; i++) {
            if (serviceNanos[i] == UNTIMED) {
                queueNanos[i] = queued;
                serviceNanos[i] = served;
                queued += served;
            }
        }
    }

    boolean isFull() {
        return size == MOST;
    }

    boolean isEmpty() {
        return size == 0;
    }

    void clear() {
        size = 0;
    }

    // ---- RequestsDone

    @Override
    public int size() {
        return size;
    }

    @Override
    public String route(int i) {
        return routes[known(i)];
    }

    @Override
    public ErrorCode outcome(int i) {
        return outcomes[known(i)];
    }

    @Override
    public long code(int i) {
        return codes[known(i)];
    }

    @Override
    public long queueNanos(int i) {
        return queueNanos[known(i)];
    }

    @Override
    public long serviceNanos(int i) {
        return serviceNanos[known(i)];
    }

    private int known(int i) {
        return Objects.checkIndex(i, size);
    }

    @Override
    public String toString() {
        return size + " requests that are done";
    }
}
