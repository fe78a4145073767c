package io.weir.metrics;

import io.weir.core.error.ErrorCode;
import io.weir.reactive.NodeObserver;
import io.weir.reactive.NodeObserver.RequestDone;
import java.util.List;

/** Requests that ended together. */
record Done(List<RequestDone> all) implements NodeObserver.RequestsDone {

    static Done of(RequestDone... requests) {
        return new Done(List.of(requests));
    }

    static Done of(String route, ErrorCode outcome, long queueNanos, long serviceNanos) {
        return of(new RequestDone(route, outcome, queueNanos, serviceNanos));
    }

    @Override
    public int size() {
        return all.size();
    }

    @Override
    public String route(int index) {
        return all.get(index).route();
    }

    @Override
    public ErrorCode outcome(int index) {
        return all.get(index).outcome();
    }

    @Override
    public long code(int index) {
        return all.get(index).code();
    }

    @Override
    public long queueNanos(int index) {
        return all.get(index).queueNanos();
    }

    @Override
    public long serviceNanos(int index) {
        return all.get(index).serviceNanos();
    }
}
