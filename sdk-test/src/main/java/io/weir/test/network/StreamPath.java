package io.weir.test.network;

import io.weir.reactive.transport.memory.MemoryMedium;

/** One stream link between two hosts. */
final class StreamPath implements MemoryMedium.Path {

    private final SimulatedNetwork network;
    private final long number;
    private final StreamFlow.Member dialling;
    private final StreamFlow.Member accepting;
    private final StreamFlow there;
    private final StreamFlow back;
    private boolean over;

    StreamPath(SimulatedNetwork network, long number, MemoryMedium.End dialling, MemoryMedium.End accepting) {
        this.network = network;
        this.number = number;
        this.dialling = new StreamFlow.Member(dialling, network.host(dialling.host()));
        this.accepting = new StreamFlow.Member(accepting, network.host(accepting.host()));
        Line lineThere = network.line(dialling.host(), accepting.host());
        Line lineBack = network.line(accepting.host(), dialling.host());
        there = new StreamFlow(network, this, lineThere, lineBack, this.dialling, this.accepting);
        back = new StreamFlow(network, this, lineBack, lineThere, this.accepting, this.dialling);
    }

    @Override
    public StreamFlow there() {
        return there;
    }

    @Override
    public StreamFlow back() {
        return back;
    }

    @Override
    public void closed() {
        over = true;
        network.forget(this);
    }

    long number() {
        return number;
    }

    /** Nothing is carried any more. */
    boolean isOver() {
        return over;
    }

    boolean joins(String a, String b) {
        String x = dialling.host().name();
        String y = accepting.host().name();
        return x.equals(a) && y.equals(b) || x.equals(b) && y.equals(a);
    }

    boolean isOf(String host) {
        return dialling.host().name().equals(host) || accepting.host().name().equals(host);
    }

    /** Hands over what has arrived, to who reads again. */
    void deliver() {
        there.deliver();
        back.deliver();
    }

    /** The direction away from a host. */
    StreamFlow from(String host) {
        return dialling.host().name().equals(host) ? there : back;
    }

    /** Both ends break, and what is under way is lost. */
    void reset() {
        if (!over) {
            over = true;
            network.trace(there + " is reset");
            dialling.end().reset("connection reset by peer");
            accepting.end().reset("connection reset by peer");
        }
    }
}
