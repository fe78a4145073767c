package io.weir.test.proxy;

/** Counts what becomes of the datagrams of one direction. On the proxy's event loop. */
final class DatagramTally {

    long came;
    long lostByChance;
    long tooLarge;
    long queueFull;
    long swallowed;
    long damaged;
    long duplicated;
    long heldBack;
    private long delivered;
    private long overflowed;
    private int underWay;

    /** One will arrive later. */
    void onWay() {
        underWay++;
    }

    /** So many that were under way were given to a socket, which has taken them or not. */
    void arrived(int datagrams, boolean taken) {
        underWay -= datagrams;
        if (taken) {
            delivered += datagrams;
        } else {
            overflowed += datagrams;
        }
    }

    /** One has no place here. */
    void overflowed() {
        overflowed++;
    }

    int underWay() {
        return underWay;
    }

    DatagramCounts counts() {
        return new DatagramCounts(
                came,
                delivered,
                lostByChance,
                tooLarge,
                queueFull,
                swallowed,
                overflowed,
                damaged,
                duplicated,
                heldBack,
                underWay);
    }
}
