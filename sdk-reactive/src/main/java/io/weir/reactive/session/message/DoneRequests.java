package io.weir.reactive.session.message;

import io.weir.core.error.ErrorCode;
import io.weir.reactive.NodeObserver.RequestsDone;
import java.util.Arrays;
import java.util.Objects;

/**
 * Requests that have ended and of which the observer is yet to be told: {@value #MOST} at most, in columns, so that one more
 * costs no object; what they are and how they ended once for each run of equal ones, so that most of them are two numbers.
 * Loop-confined.
 */
final class DoneRequests implements RequestsDone {

    static final int MOST = 64;

    /** Room at first: most sessions never need more. */
    private static final int FEW = 4;

    private static final long UNTIMED = -1;

    private long[] queueNanos = new long[FEW];
    private long[] serviceNanos = new long[FEW];
    private int size;

    private String[] routes = new String[1];
    private ErrorCode[] outcomes = new ErrorCode[1];
    private long[] codes = new long[1];
    private int[] ends = new int[1]; // of runs
    private int runs;
    private int lookedAt; // the run that was asked for last

    void add(String route, ErrorCode outcome, long code, long queued, long served) {
        int i = size;
        if (i == queueNanos.length) {
            grow();
        }
        int run = runs - 1;
        if (run < 0 || outcomes[run] != outcome || codes[run] != code || !routes[run].equals(route)) {
            run = beginRun(route, outcome, code);
        }
        queueNanos[i] = queued;
        serviceNanos[i] = served;
        size = i + 1;
        ends[run] = size;
    }

    /** One whose times are told by {@link #time}. */
    void addUntimed(String route, ErrorCode outcome, long code) {
        add(route, outcome, code, 0, UNTIMED);
    }

    private int beginRun(String route, ErrorCode outcome, long code) {
        int run = runs;
        if (run == ends.length) {
            int room = 2 * run;
            routes = Arrays.copyOf(routes, room);
            outcomes = Arrays.copyOf(outcomes, room);
            codes = Arrays.copyOf(codes, room);
            ends = Arrays.copyOf(ends, room);
        }
        routes[run] = route;
        outcomes[run] = outcome;
        codes[run] = code;
        runs = run + 1;
        return run;
    }

    private void grow() {
        if (isFull()) {
            throw new IllegalStateException("nobody was told of " + this);
        }
        int room = Math.min(MOST, 2 * queueNanos.length);
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
        runs = 0;
    }

    // ---- RequestsDone

    @Override
    public int size() {
        return size;
    }

    @Override
    public String route(int i) {
        return routes[runOf(i)];
    }

    @Override
    public ErrorCode outcome(int i) {
        return outcomes[runOf(i)];
    }

    @Override
    public long code(int i) {
        return codes[runOf(i)];
    }

    @Override
    public int alikeUntil(int i) {
        return ends[runOf(i)];
    }

    @Override
    public long queueNanos(int i) {
        return queueNanos[known(i)];
    }

    @Override
    public long serviceNanos(int i) {
        return serviceNanos[known(i)];
    }

    private int runOf(int i) {
        known(i);
        int run = lookedAt < runs && (lookedAt == 0 || ends[lookedAt - 1] <= i) ? lookedAt : 0;
        while (ends[run] <= i) {
            run++;
        }
        lookedAt = run;
        return run;
    }

    private int known(int i) {
        return Objects.checkIndex(i, size);
    }

    @Override
    public String toString() {
        return size + " requests that are done";
    }
}
