package io.weir.reactive.session.stream;

import io.weir.core.credit.SendCredit;
import io.weir.core.error.ApplicationException;
import io.weir.core.error.ErrorCode;
import io.weir.core.schedule.DeficitRoundRobin.Turn;
import io.weir.core.stream.HalfClock;
import io.weir.core.stream.HalfState;
import io.weir.core.stream.SendHalf;
import io.weir.core.stream.SendTimes;
import io.weir.core.wire.FrameWriter;
import io.weir.reactive.NodeObserver;
import io.weir.reactive.session.loop.SessionContext;
import io.weir.reactive.transport.HalfLane;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

/**
 * The sending half of a stream as a lane of what the session says.
 *
 * <pre>
 *            OPEN written            closeGracefully, failAfterAccepted          all accepted is written: CLOSE
 *   unopened ------------&gt; open ------------------------------------&gt; closing ---------------------+
 *      |                    |   the feed accepts nothing more           |                          v
 *      |                    |                                           |               closed, and consumed if RELIABLE
 *      v                    v                                           v                          v
 *      +--------------------+-- reset, STOP of the peer, session's end -+----------------------&gt; over: the feed is told
 * </pre>
 *
 * <p>While it is open or closing its lane is awake or not:
 *
 * <pre>
 *   asleep --activate(): the feed has something, credit has risen, memory is free--&gt; awake
 *   asleep &lt;--a turn that found nothing to write, no credit or no memory------------ awake
 * </pre>
 *
 * <p>A feed may come at any time, also after the end, which it is told then; without one, {@code closeGracefully} waits for
 * OPEN alone. Loop-confined but for {@link #attach}, and for queries of which it is said.
 */
final class OutboundHalf extends HalfLane implements HalfClock.Listener {

    private final LiveStream stream;

    private volatile @Nullable Feed feed;
    private static final AtomicReferenceFieldUpdater<OutboundHalf, @Nullable Feed> FEED =
            AtomicReferenceFieldUpdater.newUpdater(OutboundHalf.class, Feed.class, "feed");

    private @Nullable SendHalf half;
    private boolean opened;
    private boolean serving; // inside serve: who asked knows then from the turn whether there is more
    private boolean awake; // its turn comes
    private volatile boolean closeRequested;
    private boolean closedBeforeFed; // nothing will ever be accepted: CLOSE as soon as OPEN is written
    private ErrorCode closeCode = ErrorCode.NONE; // of CLOSE
    private @Nullable ApplicationException closeSays; // in place of that code
    private ErrorCode resetCode = ErrorCode.CANCELLED; // of RESET, if it is over before it is bound
    private volatile boolean over;

    /** What the feed is told of the end: the first reason there was, also that of an error behind all that was accepted. */
    private @Nullable RuntimeException failure;

    private @Nullable RuntimeException cutOff;
    private @Nullable Disposable drainDeadline;
    private Turn turn = Turn.IDLE;
    /** What the last turn has left the half in. */
    private HalfState left = HalfState.IDLE;

    private final HalfClock clock = new HalfClock();
    private long toldLimit; // that the observer knows of

    OutboundHalf(LiveStream stream) {
        this.stream = stream;
    }

    /** Makes this the one feed of the half. Any thread; false if there is another one already. */
    boolean attach(Feed newFeed) {
        return FEED.compareAndSet(this, null, newFeed);
    }

    @Nullable
    Feed feed() {
        return feed;
    }

    @Nullable
    SendHalf half() {
        return half;
    }

    boolean isOver() {
        return over;
    }

    /** Whether its OPEN is written and it has not ended. Any thread. */
    boolean isOpen() {
        return opened && !over;
    }

    /** Why what was accepted did not all get to the peer; null while it may, or when it did, an error behind it or not. */
    @Nullable
    RuntimeException cutOff() {
        return cutOff;
    }

    /** The first reason why it did not end well, also of an error behind all that was accepted. Known once it is closing. */
    @Nullable
    RuntimeException failure() {
        return failure;
    }

    void bind(SendHalf sendHalf) {
        half = sendHalf;
        if (over) {
            // ended by its user before it was opened
            sendHalf.reset(resetCode);
        }
    }

    /** The stream was taken back before the peer heard of it. */
    void unbind() {
        half = null;
    }

    /** A feed has been attached and the stream is active: let it start, or learn the end. */
    void start(Feed newFeed) {
        newFeed.onAttached();
        if (over || closedBeforeFed) {
            newFeed.onEnded(failure != null ? failure : Feed.stoppedHere(ErrorCode.STREAM_CLOSED));
        } else if (opened && half != null) {
            newFeed.onOpened(half);
            activate();
        }
    }

    /** OPEN has been written, or credit has risen. */
    void onSendable() {
        SendHalf h = half;
        if (over || h == null) {
            return;
        }
        Feed f = feed;
        if (!opened && h.writable()) {
            opened = true;
            long now = stream.session.nowNanos();
            clock.begin(now, stream.session.linkBlockedNanos(now));
            if (f != null) {
                f.onOpened(h);
            }
        }
        if (f instanceof OfferFeed offers) {
            offers.publishLimit(h);
        }
        tellCredit(h.credit());
        if (closedBeforeFed) {
            finish();
        }
        activate();
    }

    private void tellCredit(SendCredit credit) {
        NodeObserver observer = stream.session.observer();
        if (observer != null) {
            long before = toldLimit;
            toldLimit = credit.limit();
            if (before > 0 && toldLimit > before) {
                observer.onCreditGot(stream.session.peerSession(), stream.id, toldLimit - before);
            }
        }
    }

    /** There is something to write. */
    void activate() {
        if (opened && !serving && !over && feed != null) {
            stream.streams.sendWaits().join(this);
        }
    }

    /** Ends the half after what has been accepted. */
    void closeGracefully() {
        if (over || closeRequested) {
            return;
        }
        closeRequested = true;
        closeAfterAccepted();
    }

    /**
     * Ends the half with an error behind what has been accepted, which goes out under credit as ever. Nobody here waits for
     * the peer to consume it, so that is given the drain time-out.
     *
     * @param says what the application wants the peer to hear in place of the code
     */
    void failAfterAccepted(ErrorCode code, @Nullable ApplicationException says, RuntimeException why) {
        if (over || failure != null) {
            return;
        }
        closeCode = code;
        closeSays = says;
        failure = stream.named(why);
        closeRequested = true;
        stream.onHalfFailed();
        SessionContext session = stream.session;
        drainDeadline = session.timers()
                .at(session.nowNanos() + session.limits().drainTimeout().toNanos(), this::onDrainTimeout);
        closeAfterAccepted();
    }

    private void closeAfterAccepted() {
        Feed f = feed;
        if (f != null) {
            f.closeAfterAccepted();
            activate();
        } else {
            closedBeforeFed = true;
            if (half != null && half.writable()) {
                finish();
            }
        }
    }

    private void onDrainTimeout() {
        reset(ErrorCode.DRAIN_TIMEOUT, Feed.stoppedHere(ErrorCode.DRAIN_TIMEOUT));
    }

    /** Everything that was accepted is written: CLOSE. */
    void finish() {
        SendHalf h = half;
        ApplicationException says = closeSays;
        if (h != null && says != null) {
            h.close(says);
        } else if (h != null) {
            h.close(closeCode);
        }
    }

    /** Whether the half takes no feed any more. Any thread. */
    boolean isClosing() {
        return over || closeRequested;
    }

    boolean hasFeed() {
        return feed != null;
    }

    /** Ends the half now and tells the peer. */
    void reset(ErrorCode code, RuntimeException why) {
        if (!over) {
            decideReset(code);
            end(why);
            stream.onGivenUp();
        }
    }

    /** Goes before {@link #reset}: what users do when they learn an end must not choose another code. */
    void decideReset(ErrorCode code) {
        if (!over) {
            resetCode = code;
            if (half != null) {
                half.reset(code);
            }
        }
    }

    /** The half has ended: cut off for this reason, or null: with everything sent. */
    void end(@Nullable RuntimeException why) {
        if (over) {
            return;
        }
        cutOff = why == null ? null : stream.named(why);
        if (failure == null) {
            failure = why;
        }
        over = true;
        if (opened) {
            long now = stream.session.nowNanos();
            clock.end(now, stream.session.linkBlockedNanos(now), listener());
        }
        if (why != null) {
            stream.onHalfFailed();
        }
        if (drainDeadline != null) {
            drainDeadline.dispose();
        }
        awake = false;
        stream.session.forget(this);
        stream.streams.sendWaits().leave(this);
        Feed f = feed;
        if (f != null) {
            f.onEnded(failure);
        }
        stream.onHalfOver();
    }

    /** Ends a half of a stream that was never used. Any thread, before others know of the stream. */
    void endUnused(RuntimeException why) {
        cutOff = stream.named(why);
        failure = why;
        over = true;
    }

    @Override
    public boolean goesByDatagram() {
        SendHalf h = half;
        return h != null && h.goesByDatagram();
    }

    @Override
    protected int weight() {
        return stream.config().fairnessWeight();
    }

    @Override
    protected Turn turn() {
        return turn;
    }

    @Override
    protected long serve(FrameWriter record, long allowance) {
        Feed f = feed;
        SendHalf h = half;
        turn = Turn.IDLE;
        if (f == null || h == null) {
            return 0;
        }
        SendCredit credit = h.credit();
        long start = credit.sent();
        serving = true;
        try {
            turn = serveWhileAllowed(f, h, record, start + allowance);
        } finally {
            serving = false;
            awake = turn != Turn.IDLE;
        }
        enter(left, stream.session.tickNanos());
        return credit.sent() - start;
    }

    /** Its turn comes from now on; false if it was to come already. */
    boolean awaken() {
        boolean slept = !awake;
        awake = true;
        return slept;
    }

    /** Whether it has something to write, and waits for its turn. */
    boolean isAwake() {
        return awake;
    }

    /** It has something to write, and waits for its turn at the link. */
    void onWaiting(long nowNanos) {
        enter(HalfState.SENDING, nowNanos);
    }

    private void enter(HalfState state, long nowNanos) {
        clock.enter(state, nowNanos, stream.session.linkBlockedNanos(nowNanos), listener());
    }

    private HalfClock.@Nullable Listener listener() {
        return stream.session.observer() == null ? null : this;
    }

    @Override
    public void onHalfState(HalfState before, long nanos, HalfState entered) {
        NodeObserver observer = stream.session.observer();
        if (observer != null) {
            observer.onHalfState(stream.session.peerSession(), stream.id, before, nanos, entered);
        }
    }

    /** What its life was spent on until now. Any thread. */
    SendTimes times() {
        long now = stream.session.nowNanos();
        return clock.times(now, stream.session.linkBlockedNanos(now));
    }

    private Turn serveWhileAllowed(Feed f, SendHalf h, FrameWriter record, long until) {
        SendCredit credit = h.credit();
        while (h.writable()) {
            left = HalfState.SENDING;
            if (record.isFull()) {
                return Turn.SINK_FULL;
            }
            if (credit.sent() >= until) {
                return Turn.SPENT;
            }
            switch (f.writeNext(record, h)) {
                case WROTE -> {}
                case EMPTY -> {
                    left = HalfState.IDLE;
                    return Turn.IDLE;
                }
                case NO_CREDIT -> {
                    left = HalfState.BLOCKED_BY_CREDIT;
                    return Turn.IDLE;
                }
                case RECORD_FULL -> {
                    return Turn.SINK_FULL;
                }
                case NO_MEMORY -> {
                    left = HalfState.BLOCKED_BY_LINK;
                    stream.streams.sendWaits().awaitMemory(this);
                    return Turn.IDLE;
                }
            }
        }
        left = HalfState.IDLE;
        return Turn.IDLE;
    }
}
