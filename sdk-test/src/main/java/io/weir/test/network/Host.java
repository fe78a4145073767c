package io.weir.test.network;

import reactor.test.scheduler.VirtualTimeScheduler;

/** A machine of the network: its scheduler, and its address, which may change. */
final class Host {

    /** Parts a name from the number of an address change. */
    private static final char MOVED = '~';

    private final String name;
    private final HostScheduler scheduler;
    private int moves;
    /** Where it was before, and until when it is reached there too. */
    private String former;

    private long formerUntilNanos;

    private boolean reads = true;

    Host(String name, VirtualTimeScheduler time) {
        this.name = name;
        this.scheduler = new HostScheduler(time);
        this.former = name;
    }

    /** The name of the host that has, had or may have that address. */
    static String nameOf(String address) {
        int end = address.indexOf(MOVED);
        return end < 0 ? address : address.substring(0, end);
    }

    static String requireName(String name) {
        if (name.isEmpty() || name.indexOf(MOVED) >= 0) {
            throw new IllegalArgumentException("host is '" + name + "', must not be empty and have no " + MOVED);
        }
        return name;
    }

    String name() {
        return name;
    }

    HostScheduler scheduler() {
        return scheduler;
    }

    /** Where others see it: its name at first, then the name and a number. */
    String address() {
        return moves == 0 ? name : name + MOVED + moves;
    }

    /** Moves on; what is sent to where it is now arrives until that moment. */
    void move(long formerUntilNanos) {
        former = address();
        this.formerUntilNanos = formerUntilNanos;
        moves++;
    }

    /** Whether it is reached at that address. */
    boolean isAt(String address, long nowNanos) {
        return address.equals(address()) || address.equals(former) && nowNanos < formerUntilNanos;
    }

    /** Whether it takes what arrives on stream links. */
    boolean reads() {
        return reads;
    }

    void reads(boolean reads) {
        this.reads = reads;
    }

    @Override
    public String toString() {
        return name;
    }
}
