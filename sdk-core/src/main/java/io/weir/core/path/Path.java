package io.weir.core.path;

/**
 * The sending side of one path to a peer: how much may go out now, and how large datagrams are, learnt from what becomes of
 * the packets. It joins the round-trip time, the congestion controller, the pacer and the search for the MTU, none of which
 * knows another.
 *
 * <p>Who has something to send asks {@link #sendableBytes} until it says 0, and asks again at {@link #readyNanos} or after
 * the next FEEDBACK. For each FEEDBACK the order is {@link #onRoundTrip}, {@link #onAcked}, {@link #onSpuriousLoss},
 * {@link #onLost}, then {@link #onPersistentLoss} or {@link #onMarked} if there is reason, and {@link #onFeedbackEnd}. Packets
 * of FEEDBACK only are not told here at all. A packet that was sent on another path is nothing to this one.
 *
 * <p>Deterministic, loop-confined. Sizes are bytes of datagrams, without IP and UDP; times monotonic nanoseconds.
 */
public final class Path {

    /**
     * The most that a packet has that goes out because a probe time-out has passed: if nothing arrives because the path has
     * ceased to take larger datagrams, this one arrives, and shows it.
     */
    public static final int LOSS_PROBE_BYTES = PathMtu.BASE_BYTES;

    private static final long NONE = -1;

    private PathSettings settings;
    private final long firstNumber;
    private final PacketRttEstimator rtt;
    private final BytesInFlight flight = new BytesInFlight();
    private final CongestionController controller;
    private final LossTolerance tolerance;
    private final PathMtu mtu;
    private final Pacer pacer;
    private long sentPackets; // these two also of the paths before it
    private long lostPackets;
    private long largestAcked = NONE; // of the FEEDBACK that is being read
    private long largestLost = NONE;

    /**
     * A path that nothing is known of.
     *
     * @param rtt gets its samples from here; who judges acknowledgements reads it
     * @param firstNumber of the packets that will be sent on it
     */
    public Path(PathSettings settings, PacketRttEstimator rtt, long firstNumber, long nowNanos) {
        this.settings = settings;
        this.rtt = rtt;
        this.firstNumber = firstNumber;
        tolerance = new LossTolerance(nowNanos);
        mtu = new PathMtu(settings.maxDatagramBytes());
        controller = settings.controller().apply(mtu.bytes());
        pacer = new Pacer(mtu.bytes(), controller.windowBytes(), rtt.smoothedNanos(), nowNanos);
    }

    /**
     * The path after the peer has moved: if it has another IP address a new one from {@code nextNumber} on, of which not even
     * the round-trip time is known, else this (RFC 9000 section 9.4).
     */
    public Path after(PathMove move, long nextNumber, long nowNanos) {
        if (move != PathMove.NEW_IP) {
            return this;
        }
        rtt.reset();
        Path next = new Path(settings, rtt, nextNumber, nowNanos);
        next.sentPackets = sentPackets;
        next.lostPackets = lostPackets;
        return next;
    }

    /**
     * How many bytes may go now, as whole datagrams: at most what segmentation offload takes at once. Asked by who has
     * something to send, for an answer of 0 means that window or pacer have held it back.
     */
    public int sendableBytes(long nowNanos) {
        long windowBytes = controller.windowBytes();
        long room = Math.max(0, windowBytes - flight.bytes());
        int bytes = (int) Math.min(room - room % mtu.bytes(), pacer.allowanceBytes(nowNanos));
        if (bytes == 0) {
            flight.onHeldBack(windowBytes);
        }
        return bytes;
    }

    /** When to ask again: a time that is not after {@code nowNanos} if now, {@link Long#MAX_VALUE} if after a FEEDBACK. */
    public long readyNanos(long nowNanos) {
        return flight.fits(mtu.bytes(), controller.windowBytes()) ? pacer.readyNanos(nowNanos) : Long.MAX_VALUE;
    }

    /** The size of a packet that should go out, filled up with PADDING, to see whether the path takes it; 0 if none. */
    public int mtuProbeDue(long nowNanos) {
        int bytes = mtu.probeDue(nowNanos);
        return flight.fits(bytes, controller.windowBytes()) ? bytes : 0;
    }

    /** A packet was sent; also one that had to go out though it exceeds what was allowed. */
    public void onSent(long number, int bytes, long nowNanos) {
        sentPackets++;
        controller.onSent(number, flight.bytes(), nowNanos);
        flight.onSent(number, bytes);
        pacer.onSent(bytes, nowNanos);
    }

    /** The packet that {@link #mtuProbeDue} asked for was sent. */
    public void onMtuProbeSent(long number, int bytes, long nowNanos) {
        onSent(number, bytes, nowNanos);
        mtu.onProbeSent(number, bytes);
    }

    /** The peer has told how large datagrams may be: 1,200 to 65,507 bytes, and no less than before. */
    public void onMaxDatagramBytes(int bytes) {
        settings = settings.withMaxDatagramBytes(bytes);
        mtu.onLimit(bytes);
    }

    /** The system has refused to send a datagram of this size, which was therefore not sent. */
    public void onRefused(int bytes, long nowNanos) {
        if (mtu.onRefused(bytes, nowNanos)) {
            onDatagramBytes(nowNanos);
        }
    }

    /**
     * A packet has arrived.
     *
     * @param wasLost whether it was taken to be lost before
     */
    public void onAcked(long number, int bytes, boolean wasLost, long nowNanos) {
        if (number < firstNumber) {
            return;
        }
        largestAcked = Math.max(largestAcked, number);
        if (mtu.onAcked(number, bytes)) {
            onDatagramBytes(nowNanos);
        }
        if (!wasLost) {
            flight.onSettled(bytes);
            tolerance.onAcked(bytes, mtu.bytes());
            controller.onAcked(number, bytes, flight.appLimited(number), nowNanos);
        }
    }

    /**
     * A FEEDBACK has acknowledged a packet so long after it was sent (RFC 9002 section 5.1).
     *
     * @param ackDelayNanos how long the peer says it has held that back; whatever it says
     */
    public void onRoundTrip(long number, long rttNanos, long ackDelayNanos) {
        if (number < firstNumber) {
            return;
        }
        rtt.onSample(rttNanos, ackDelayNanos);
        controller.onRoundTrip(rtt.latestNanos(), rtt.smoothedNanos());
        tolerance.onRoundTrip(rtt.undelayedNanos(), rtt.minNanos());
    }

    /** A packet is taken to be lost. */
    public void onLost(long number, int bytes) {
        lostPackets++;
        if (number < firstNumber) {
            return;
        }
        flight.onSettled(bytes);
        if (mtu.onLost(number, bytes)) {
            tolerance.onLost(bytes, mtu.bytes());
            largestLost = Math.max(largestLost, number);
        }
    }

    /** All packets that were taken to be lost since the window was last reduced have arrived; this is one of them. */
    public void onSpuriousLoss(long number) {
        if (number >= firstNumber) {
            controller.onSpuriousLoss(number);
        }
    }

    /** All packets sent over a long time were lost; after the last of them (RFC 9002 section 7.6). */
    public void onPersistentLoss() {
        if (largestLost == NONE) {
            return; // they were sent on another path
        }
        controller.onCongestion(CongestionSignal.PERSISTENT_LOSS, largestLost);
        rtt.onPersistentCongestion();
    }

    /** The peer has counted more packets that were marked Congestion Experienced, as {@link EcnValidation} says. */
    public void onMarked() {
        if (largestAcked != NONE) {
            controller.onCongestion(CongestionSignal.ECN, largestAcked);
        }
    }

    /** A FEEDBACK was read to its end. */
    public void onFeedbackEnd(long nowNanos) {
        tolerance.onFeedbackEnd(nowNanos);
        if (largestLost != NONE) {
            onLosses();
        }
        largestLost = NONE;
        largestAcked = NONE;
        if (mtu.onFeedbackEnd(nowNanos)) {
            onDatagramBytes(nowNanos);
        }
        pacer.onWindow(controller.windowBytes(), rtt.smoothedNanos(), controller.slowStart(), nowNanos);
    }

    /** The size of datagrams. */
    public int datagramBytes() {
        return mtu.bytes();
    }

    /**
     * A snapshot.
     *
     * @param retransmittedPackets counted by who sends again
     */
    public PathStats stats(long retransmittedPackets) {
        return new PathStats(
                rtt.smoothedNanos(),
                rtt.minNanos(),
                controller.windowBytes(),
                flight.bytes(),
                sentPackets,
                lostPackets,
                retransmittedPackets,
                mtu.bytes(),
                pacer.bytesPerSecond());
    }

    private void onLosses() {
        if (!settings.toleratesLoss()) {
            controller.onCongestion(CongestionSignal.LOSS, largestLost);
        } else if (tolerance.isExceeded()) {
            controller.onCongestion(CongestionSignal.LOSS, largestLost, tolerance.queuelessShare());
        }
    }

    private void onDatagramBytes(long nowNanos) {
        controller.onDatagramBytes(mtu.bytes());
        pacer.onDatagramBytes(mtu.bytes(), nowNanos);
    }
}
