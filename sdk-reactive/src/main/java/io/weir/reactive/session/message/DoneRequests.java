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
    private int timed; // so many have their times, and those behind may not

    private String[] routes = new String[1];
    private ErrorCode[] outcomes = new ErrorCode[1];
    private long[] codes = new long[1];
    private int[] ends = new int[1]; // of runs; that of the last is the size
    private int runs;
    private int lookedAt; // the run that was asked for last

    /** Of the last run, if there is one: most of what is added is of it. */
    private String route = "";

    private ErrorCode outcome = ErrorCode.NONE;
    private long code;

    void add(String route, ErrorCode outcome, long code, long queued, long served) {
        int i = size;
        if (i == queueNanos.length) {
            grow();
        }
        if (i == 0 || this.outcome != outcome || this.code != code || !this.route.equals(route)) {
            beginRun(route, outcome, code);
        }
        queueNanos[i] = queued;
        serviceNanos[i] = served;
        size = i + 1;
    }

    /** One whose times are told by {@link #time}. */
    void addUntimed(String route, ErrorCode outcome, long code) {
        add(route, outcome, code, 0, UNTIMED);
    }

    private void beginRun(String route, ErrorCode outcome, long code) {
        int run = runs;
        if (run == ends.length) {
            int room = 2 * run;
            routes = Arrays.copyOf(routes, room);
            outcomes = Arrays.copyOf(outcomes, room);
            codes = Arrays.copyOf(codes, room);
            ends = Arrays.copyOf(ends, room);
        }
        if (run > 0) {
            ends[run - 1] = size;
        }
        routes[run] = route;
        outcomes[run] = outcome;
        codes[run] = code;
        runs = run + 1;
        this.route = route;
        this.outcome = outcome;
        this.code = code;
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
        for (int i = timed; i < size; i++) {
            if (serviceNanos[i] == UNTIMED) {
                queueNanos[i] = queued;
                serviceNanos[i] = served;
                queued += served;
            }
        }
        timed = size; // so that whoever is timed alone looks at none of those before it again
    }

    boolean isFull() {
        return size == MOST;
    }

    boolean isEmpty() {
        return size == 0;
    }

    void clear() {
        size = 0;
        timed = 0;
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
        return end(runOf(i));
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
        while (end(run) <= i) {
            run++;
        }
        lookedAt = run;
        return run;
    }

    /** The index behind that run. */
    private int end(int run) {
        return run == runs - 1 ? size : ends[run];
    }

    private int known(int i) {
        return Objects.checkIndex(i, size);
    }

    @Override
    public String toString() {
        return size + " requests that are done";
    }
}
