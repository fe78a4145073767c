package io.weir.reactive.session.stream;

import io.weir.core.error.CloseReason;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.SessionClosedException;
import io.weir.core.error.StreamReset;
import io.weir.core.error.StreamStopped;
import io.weir.core.error.WeirException;
import io.weir.core.stream.SendTimes;
import io.weir.core.stream.StreamConfig;
import io.weir.core.stream.StreamEpoch;
import io.weir.core.stream.StreamId;
import io.weir.core.stream.StreamStats;
import io.weir.reactive.NodeObserver;
import io.weir.reactive.NodeStats.Traffic;
import io.weir.reactive.NodeStats.Way;
import io.weir.reactive.PeerStream;
import io.weir.reactive.StreamOpen;
import io.weir.reactive.fault.Fault;
import io.weir.reactive.session.dispatch.Seen;
import io.weir.reactive.session.loop.SessionContext;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * One epoch of a stream as this node's users share it: joins the core's {@link StreamEpoch} with what feeds and drains
 * its halves. Handles ({@link StreamHandle}) come and go; this lives from its first use to the end of both halves.
 *
 * <pre>
 *   bound ----activate----&gt; active --both halves over--&gt; over (a new openStream starts a new epoch)
 *     ^                       |
 *     +-------given up--------+  nobody uses it any more, and the peer has not heard of it
 * </pre>
 *
 * What is behind it: {@link EpochListener} hears what the core tells of it, {@link StreamEnds} has the ways to end it from
 * here, {@link StreamClose} its close, {@link StreamExpiry} its deadlines.
 *
 * A use that is cancelled before OPEN is written leaves nothing behind, here or at the peer: the stream is taken back from
 * the core and gives its id up. A later use of the same handle takes both up again; the half that was cancelled stays so.
 *
 * Loop-confined but for what says otherwise.
 */
final class LiveStream {

    private static final Logger LOG = LoggerFactory.getLogger(LiveStream.class);

    static final StreamStats NEVER_OPENED =
            new StreamStats(0, 0, 0, 0, 0, 0, false, 0, 0, 0, 0, 0, false, SendTimes.NONE);

    final Streams streams;
    final SessionContext session;
    final StreamId id;
    final OutboundHalf outbound = new OutboundHalf(this);
    final InboundHalf inbound = new InboundHalf(this);
    final StreamEnds ends = new StreamEnds(this);
    final StreamExpiry expiry = new StreamExpiry();
    final HandledStream handled = new HandledStream(this);
    private final StreamOpen open;
    private final StreamClose close = new StreamClose(this);
    private final EpochListener listener = new EpochListener(this, close);

    private volatile StreamConfig config;
    private volatile boolean over;
    private volatile boolean broken;
    private volatile @Nullable StreamEpoch epoch;
    private @Nullable Seen seen; // written before others know of the stream
    private boolean activated;
    private @Nullable PeerStream told; // that the observer was told of
    private @Nullable LiveStream predecessor;

    LiveStream(Streams streams, StreamId id, StreamOpen open, StreamConfig config) {
        this.streams = streams;
        this.session = streams.session();
        this.id = id;
        this.open = open;
        this.config = config;
    }

    /** One whose only handle was given up before its first use: it is over, and no other handle finds it. Any thread. */
    static LiveStream neverUsed(Streams streams, StreamId id, StreamOpen open, StreamConfig config) {
        LiveStream stream = new LiveStream(streams, id, open, config);
        stream.outbound.endUnused(Feed.stoppedHere(ErrorCode.STREAM_CLOSED));
        stream.inbound.endUnused(InboundHalf.stoppedHere(ErrorCode.STREAM_CLOSED));
        stream.over = true;
        return stream;
    }

    StreamOpen open() {
        return open;
    }

    /** Any thread. */
    StreamConfig config() {
        return config;
    }

    /** Both halves have ended, as far as this node is concerned. Any thread. */
    boolean isOver() {
        return over;
    }

    /**
     * Whether another handle of this id shares this epoch: while no half has failed, and, once a half has ended, while
     * the other one is in use here. After that an openStream means to begin anew. Any thread.
     */
    boolean isJoinable() {
        if (over || broken) {
            return false;
        }
        return !outbound.isOver() && !inbound.isOver() || isInUse();
    }

    /** Whether somebody here feeds a half that lives, or takes from one. */
    private boolean isInUse() {
        return !outbound.isOver() && outbound.hasFeed() || !inbound.isOver() && inbound.hasReceiver();
    }

    /** Takes the place of one that has failed in part; its first use ends what is left of that one. */
    LiveStream after(@Nullable LiveStream failed) {
        predecessor = failed;
        return this;
    }

    /** What interceptors have made of it, who are to hear its end. Before others know of the stream. */
    LiveStream seenAs(@Nullable Seen interaction) {
        seen = interaction;
        return this;
    }

    boolean isSeenAs(Seen interaction) {
        return seen == interaction;
    }

    boolean isActivated() {
        return activated;
    }

    @Nullable
    StreamEpoch epoch() {
        return epoch;
    }

    /** The peer opened it and nobody here has used it yet: it waits, not accepted. */
    void offered(StreamEpoch incoming) {
        epoch = incoming;
    }

    boolean isUnclaimed() {
        return epoch != null && !activated && !over;
    }

    /** First use: opens, joins or accepts the epoch. Idempotent. */
    void activate() {
        if (activated || over) {
            return;
        }
        CloseReason closed = session.closeReason();
        if (closed != null) {
            onSessionEnd(closed);
            return;
        }
        endPredecessor();
        if (activated || over || epoch == null && !isInUse()) {
            return; // by whoever was told that the predecessor has ended
        }
        activated = true;
        try {
            openOrAccept();
        } catch (Throwable defect) {
            LOG.error("Stream {} of {} cannot be opened", id, session, defect);
            endBoth(ErrorCode.INTERNAL);
            if (Fault.isFatal(defect)) {
                session.onDefect(defect);
            }
        }
    }

    private void openOrAccept() {
        StreamEpoch incoming = epoch;
        if (incoming != null) {
            streams.onClaimed(this);
            streams.table().accept(incoming, config, listener);
            bindTo(incoming);
        } else if (!streams.takeUpAgain(this)) {
            endBoth(ErrorCode.SUPERSEDED);
        } else if (headBytes() > session.order().mostHeadBytes()) {
            endBoth(CloseReason.local(
                    ErrorCode.PAYLOAD_TOO_LARGE,
                    "name and headers are " + headBytes() + " bytes; legal: at most "
                            + session.order().mostHeadBytes()));
        } else if (streams.table().canOpen()) {
            bindTo(streams.table().open(id, open.name(), open.headers(), open.handlerOnly(), config, listener));
        } else {
            endBoth(
                    streams.table().isGoingAway()
                            ? CloseReason.local(ErrorCode.GOING_AWAY)
                            : CloseReason.local(
                                    ErrorCode.STREAM_LIMIT,
                                    "NodeLimits.maxOpenedStreams are open: "
                                            + session.limits().maxOpenedStreams()));
        }
    }

    private int headBytes() {
        return open.name().getBytes(StandardCharsets.UTF_8).length
                + open.headers().encodedLength();
    }

    /** Ends both halves here; there is nothing to tell the peer. */
    void endBoth(ErrorCode code) {
        endBoth(CloseReason.local(code));
    }

    private void endBoth(CloseReason reason) {
        activated = true;
        outbound.end(new StreamStopped(reason));
        inbound.end(new StreamReset(reason));
    }

    private void endPredecessor() {
        LiveStream failed = predecessor;
        predecessor = null;
        if (failed != null && !failed.over) {
            failed.ends.abort(ErrorCode.SUPERSEDED);
        }
    }

    private void bindTo(StreamEpoch live) {
        epoch = live;
        tellOpened();
        touch();
        outbound.bind(live.sending());
        inbound.bind(live.receiving());
        streams.deadlines().watchIdle(this);
        if (waitsToOpen()) {
            streams.deadlines().watchOpen(this);
        }
        outbound.onSendable();
    }

    private void tellOpened() {
        NodeObserver observer = session.observer();
        if (observer != null) {
            PeerStream stream = new StreamHandle(this);
            told = stream;
            observer.onStreamOpened(stream);
        }
    }

    private void tellEnded(CloseReason reason) {
        NodeObserver observer = session.observer();
        PeerStream stream = told;
        if (observer != null && stream != null) {
            told = null;
            observer.onStreamEnded(stream, reason);
        }
    }

    /** Takes the config of the first user of a stream that the peer offered. */
    void adopt(StreamConfig firstConfig) {
        if (!activated) {
            config = firstConfig;
        }
    }

    /** As {@link io.weir.reactive.PeerStream#close}. Any thread. */
    Mono<Void> close(Duration drainTimeout) {
        return Mono.defer(() -> {
            session.run(() -> close.begin(drainTimeout));
            return close.result();
        });
    }

    /** As {@link #endBoth}, and ends what was there before it too. */
    void endUnheard(ErrorCode code) {
        endPredecessor();
        endBoth(code);
    }

    /** A user has given up one half, or it has failed here. */
    void onGivenUp() {
        if (!over && !isInUse() && retract()) {
            activated = false;
            expiry.cancel();
            LiveStream before = predecessor;
            predecessor = before != null && before.activated && !before.over ? before : null;
            streams.onGivenUp(this, predecessor);
            tellEnded(CloseReason.local(ErrorCode.CANCELLED));
            if (seen != null) {
                seen.cancelled();
            }
        }
    }

    /** Takes back what the peer has not heard of; false if it has, or the stream is over. */
    boolean retract() {
        if (over) {
            return false;
        }
        StreamEpoch opened = epoch;
        if (opened != null) {
            if (!streams.table().retract(opened)) {
                return false;
            }
            epoch = null;
            outbound.unbind();
            inbound.unbind();
        }
        return true;
    }

    void onHalfFailed() {
        broken = true;
    }

    /** Whether it is in use here and its OPEN is not written. */
    boolean waitsToOpen() {
        StreamEpoch live = epoch;
        return activated && !over && live != null && !live.sending().opened();
    }

    /** A half has ended. */
    void onHalfOver() {
        close.check();
        StreamEpoch live = epoch;
        if (inbound.isOver() && live != null) {
            streams.cancelPayload(live);
        }
        if (outbound.isOver() && inbound.isOver() && !over) {
            over = true;
            expiry.end();
            streams.onStreamOver(this);
            tellEnded(ends.reason());
            if (seen != null) {
                ends.tell(seen);
            }
        }
    }

    /** The session is gone. */
    void onSessionEnd(CloseReason reason) {
        SessionClosedException why = new SessionClosedException(reason);
        activated = true;
        LiveStream failed = predecessor;
        predecessor = null;
        if (failed != null) {
            failed.onSessionEnd(reason);
        }
        StreamEpoch incoming = epoch;
        if (incoming != null && inbound.half() == null) {
            // offered and never used: gives back what its queue holds
            incoming.receiving().stop(ErrorCode.CANCELLED);
        }
        outbound.end(why);
        inbound.endAfterQueue(why);
    }

    /** The failure, which says in its message from now on that it is one of this stream. */
    <E extends Throwable> E named(E failure) {
        if (failure instanceof WeirException known) {
            known.about(toString());
        }
        return failure;
    }

    /** A weakly consistent snapshot. Any thread. */
    StreamStats stats() {
        StreamEpoch live = epoch;
        if (live == null || !activated) {
            return NEVER_OPENED;
        }
        StreamStats stats = live.stats();
        long refused = outbound.feed() instanceof OfferFeed offers ? offers.backpressureEvents() : 0;
        return new StreamStats(
                stats.txSeq(),
                stats.rxSeq(),
                stats.txBytes(),
                stats.rxBytes(),
                stats.inboundPending(),
                stats.lastActivityNanos(),
                stats.active() && !over,
                stats.backpressureEvents() + refused,
                stats.txCreditRemaining(),
                stats.txWindow(),
                stats.creditGrantsReceived(),
                stats.creditGrantsSent(),
                outbound.isOpen(),
                outbound.times());
    }

    /** What it has carried. Any thread. */
    Traffic elements() {
        StreamEpoch live = epoch;
        if (live == null || !activated) {
            return Traffic.NONE;
        }
        StreamStats stats = live.stats();
        return new Traffic(
                new Way(0, 0, stats.txSeq(), stats.txBytes()), new Way(0, 0, stats.rxSeq(), stats.rxBytes()), 0);
    }

    // ---- idle eviction

    /** The peer has done something with it. */
    void touch() {
        expiry.touch(session.tickNanos());
    }

    /** No local subscriber, no publisher, nothing held: nobody here would miss it. */
    boolean isIdle() {
        return !over
                && (outbound.isOver() || !outbound.hasFeed())
                && (inbound.isOver() || !inbound.hasReceiver())
                && inbound.pending() == 0;
    }

    @Override
    public String toString() {
        return "stream " + id + " \"" + open.name() + "\" on " + session;
    }
}
