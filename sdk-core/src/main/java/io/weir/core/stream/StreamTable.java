package io.weir.core.stream;

import io.weir.core.credit.MemoryBudget;
import io.weir.core.error.ErrorCode;
import io.weir.core.wire.CreditFrame;
import io.weir.core.wire.FrameWriter;
import io.weir.core.wire.Headers;
import io.weir.core.wire.Hello;
import io.weir.core.wire.StreamFrame;
import org.jspecify.annotations.Nullable;

/**
 * All streams of one session, over a carrier of the order that {@link StreamSettings#order} says: opens, joins, accepts and
 * refuses them, hands frames to their halves and writes their control frames. PROTOCOL section 4, "Grants", "Epochs", "Ends" and "Answers have credit".
 *
 * <pre>
 *   handle of an OPEN or DATA frame, in the peer's numbers --&gt; ReceiveHalf \
 *                                                                           StreamEpoch &lt;-- (id, epoch)
 *   handle of a WINDOW or STOP frame, in this side's -------&gt; SendHalf    /
 * </pre>
 *
 * <p><b>Frame handlers</b> ({@code onX}) return null, or the error with which to end the session; a peer's misbehaviour
 * never throws. What hits one stream only is answered inside it (RESET and STOP with FLOW_CONTROL, STOP with
 * PAYLOAD_TOO_LARGE).
 *
 * <p><b>Bounds.</b> The peer's streams: {@link StreamSettings#maxStreams}, each paid for in the memory budget before it is
 * allowed. Those that nobody has claimed: {@link StreamSettings#maxUnclaimed}, further ones are refused. This side's:
 * {@link StreamSettings#maxOpened}, then {@link #open} throws. Frames to write are flags in the halves, never queued. What
 * has overtaken its OPEN: what is reserved for that OPEN.
 *
 * <p><b>Callbacks and re-entrancy</b> are those of {@link StreamListener}. {@link StreamHost#onControlPending} may come from
 * any command or frame handler and must not call {@link #writeControl} itself. Confined to the session's loop.
 */
public final class StreamTable {

    private final SessionView session;
    private final OpenCredit opens;
    private final EpochBook epochs;
    private final HandleBook handles;
    private final Unclaimed unclaimed;
    private final ControlLane lane;
    private final GoingAway goingAway;
    private final PeerOpens peerOpens;
    private final OwnOpens ownOpens;
    private final EarlyData early;
    private final PeerFrames frames;

    /**
     * A table without streams. It reserves the windows of the first opens that it allows.
     *
     * @param budget the session's share of memory
     */
    public StreamTable(StreamSettings settings, MemoryBudget budget, StreamHost host) {
        session = new SessionView(settings, budget, host);
        opens = new OpenCredit(settings.initialWindowBytes(), settings.maxStreams(), budget, session.mayLose());
        epochs = new EpochBook(host.hashSeed());
        handles = new HandleBook(host.hashSeed());
        unclaimed = new Unclaimed(host);
        lane = new ControlLane(host, opens, handles);
        goingAway = new GoingAway(opens, lane, epochs);
        StreamContext context = new StreamContext(session, lane, epochs, handles, unclaimed);
        peerOpens = new PeerOpens(context, opens, goingAway);
        ownOpens = new OwnOpens(context, peerOpens, goingAway);
        early = new EarlyData(opens, settings.initialWindowBytes(), host.hashSeed());
        frames = new PeerFrames(context, opens, peerOpens, early);
    }

    // ---- HELLO

    /** This side's HELLO: the given one with what this table allows. */
    public Hello ownHello(Hello base) {
        StreamSettings settings = session.settings();
        return base.withInitialWindow(settings.initialWindowBytes())
                .withOpenLimit(openLimit())
                .withMaxPayloadBytes(settings.maxPayloadBytes());
    }

    /** First handle that the peer may not open at the beginning, for HELLO. */
    public long openLimit() {
        return opens.limit();
    }

    /** The peer's HELLO; nothing can be opened before it. */
    public void onPeerHello(Hello hello) {
        session.onPeerHello(hello);
        lane.raiseLimit(hello.openLimit());
    }

    // ---- commands

    /**
     * Opens a stream: joins the peer's epoch of this id if it waits to be claimed, else begins the next epoch. OPEN goes
     * out as soon as the peer allows it; {@link StreamListener#onSendable} tells.
     *
     * @throws IllegalStateException if the id is {@link #live} here (join that one instead), before the peer's HELLO, after
     *     the session's end, or unless {@link #canOpen}
     */
    public StreamEpoch open(StreamId id, String name, Headers headers, StreamConfig config, StreamListener listener) {
        return open(id, name, headers, false, config, listener);
    }

    /**
     * The same.
     *
     * @param handlerOnly whether the peer is to refuse the stream at once unless a handler takes it
     */
    public StreamEpoch open(
            StreamId id,
            String name,
            Headers headers,
            boolean handlerOnly,
            StreamConfig config,
            StreamListener listener) {
        return ownOpens.open(new Opening(id, name, headers, true, handlerOnly), config, listener);
    }

    /**
     * Whether {@link #open} may begin an epoch: the session is open, neither side is going away, and
     * {@link StreamSettings#maxOpened} is not reached.
     */
    public boolean canOpen() {
        return ownOpens.canOpen();
    }

    /** Whether either side has said that nothing new begins. */
    public boolean isGoingAway() {
        return goingAway.isAnywhere();
    }

    /** The epoch of this id that is in use here; null if none is, or the peer's waits to be claimed. */
    public @Nullable StreamEpoch live(StreamId id) {
        return ownOpens.live(id);
    }

    /**
     * Claims an epoch that the peer opened, and opens this side's half in answer. What has come meanwhile is queued: poll
     * it when there is demand.
     *
     * @throws IllegalStateException unless it {@link StreamEpoch#isUnclaimed}
     */
    public void accept(StreamEpoch epoch, StreamConfig config, StreamListener listener) {
        peerOpens.accept(epoch, config, listener);
    }

    /**
     * Refuses an epoch that the peer opened: STOP with this code, which ends both of its halves there.
     *
     * @throws IllegalStateException unless it {@link StreamEpoch#isUnclaimed}
     */
    public void refuse(StreamEpoch epoch, ErrorCode code) {
        peerOpens.refuse(epoch, code);
    }

    /**
     * Takes back an {@link #open} of which the peer has not heard: OPEN is never written, the listener hears nothing more,
     * and the id is as if it had not been opened.
     *
     * @return false if OPEN is written, or the peer has opened the epoch too; then nothing is done
     */
    public boolean retract(StreamEpoch epoch) {
        boolean unheardOf = epoch.isPrivate();
        if (unheardOf) {
            epoch.retract();
        }
        return unheardOf;
    }

    /**
     * Nothing new begins any more, here or there: {@link #open} is over, and a stream that the peer opens is refused with
     * GOING_AWAY, unless its OPEN answers one of this side. What was begun goes on, OPENs that are not written yet
     * included.
     *
     * @return the peer's highest handle that was accepted, 0 if none: GOAWAY's last handle
     */
    public long goAway() {
        return goingAway.begin();
    }

    /** Memory has become free elsewhere: promises what the peer waits for, or asks the host to call again. */
    public void onMemoryFreed() {
        lane.onMemoryFreed();
    }

    /** The session is over: releases all memory but what queued elements hold. No callbacks come any more. */
    public void onSessionClosed() {
        if (!lane.isClosed()) {
            lane.close();
            handles.close();
            early.clear();
            frames.close();
            opens.releaseAll();
        }
    }

    // ---- frames in

    /** OPEN. */
    public @Nullable ErrorCode onOpen(StreamFrame.Open f) {
        return frames.onOpen(f);
    }

    /** WINDOW of handle 0 (opens) or of a stream; those of messages, handles 1 and 2, are not for the table. */
    public @Nullable ErrorCode onWindow(CreditFrame.Window f) {
        return frames.onWindow(f);
    }

    /** BLOCKED of handle 0 (opens) or of a stream. */
    public @Nullable ErrorCode onBlocked(CreditFrame.Blocked f) {
        return frames.onBlocked(f);
    }

    /** CLOSE. */
    public @Nullable ErrorCode onClose(StreamFrame.Close f) {
        return frames.onClose(f);
    }

    /** RESET. */
    public @Nullable ErrorCode onReset(StreamFrame.Reset f) {
        return frames.onReset(f);
    }

    /** STOP. */
    public @Nullable ErrorCode onStop(StreamFrame.Stop f) {
        return frames.onStop(f);
    }

    /**
     * GOAWAY: this side's streams that the peer has not taken, because their OPEN is not written or has a handle above the
     * last, end with GOING_AWAY, and no new ones begin. The others go on.
     *
     * @param lastHandle the highest of this side's handles that the peer has accepted, 0 if none
     */
    public @Nullable ErrorCode onPeerGoaway(long lastHandle) {
        session.tick();
        return goingAway.onPeer(lastHandle);
    }

    /**
     * DATA: an element, or a fragment of one. The hot path; allocates nothing for a whole element that the listener takes.
     *
     * @param total bytes of the whole element if first and not last
     * @param array holds the payload, and is never written again
     * @param recordLength of the record's plaintext in that array, by which a queued payload may keep it
     */
    public @Nullable ErrorCode onData(
            long handle,
            boolean first,
            boolean last,
            long total,
            byte[] array,
            int offset,
            int length,
            int recordLength) {
        ReceiveHalf half = handles.receiverOfElement(handle);
        return half == null
                ? frames.onDataOfNoHalf(handle, first, last, total, array, offset, length)
                : half.onData(first, last, total, array, offset, length, recordLength);
    }

    /**
     * The same on a carrier that promises no order.
     *
     * @param at offset of the fragment in its half
     * @param seq number of the element, where the half is fire-and-forget; -1 where it is not
     * @throws IllegalStateException if the table is for a carrier that promises an order
     */
    public @Nullable ErrorCode onUnorderedData(
            long handle,
            boolean first,
            boolean last,
            long at,
            long seq,
            long total,
            byte[] array,
            int offset,
            int length,
            int recordLength) {
        if (!session.mayLose()) {
            throw new IllegalStateException("the carrier promises an order: " + session.settings());
        }
        return frames.onUnorderedData(handle, first, last, at, seq, total, array, offset, length, recordLength);
    }

    /**
     * A whole element that came by a datagram, on a carrier that keeps the order of each half beside those. One of a half that is
     * over is dropped and {@linkplain #lateElements counted}; one that has overtaken its OPEN waits for it, within what is
     * reserved for that.
     *
     * @param at offset of the element in its half
     * @throws IllegalStateException if the table is for another carrier
     */
    public @Nullable ErrorCode onDatagram(
            long handle, long at, byte[] array, int offset, int length, int recordLength) {
        if (!session.isPerHalf()) {
            throw new IllegalStateException("the carrier has no datagrams beside its lanes: " + session.settings());
        }
        return frames.onDatagram(handle, at, array, offset, length, recordLength);
    }

    /**
     * DATAGRAMS.
     *
     * @param inStream whether it came in the half's own lane, else in that of control
     */
    public @Nullable ErrorCode onDatagrams(StreamFrame.Datagrams f, boolean inStream) {
        return frames.onDatagrams(f, inStream);
    }

    /**
     * Fire-and-forget elements that came too late, and were dropped: one behind it of the same half was handed on, or the half is over. They
     * are not among those received.
     */
    public long lateElements() {
        return session.late();
    }

    /** Tells the time of what follows, for {@link StreamStats#lastActivityNanos}: once for each record is enough. */
    public void tick(long now) {
        session.tick(now);
    }

    // ---- frames out

    /** Whether {@link #writeControl} has something to write, or an end to tell. */
    public boolean hasControl() {
        return lane.isPending();
    }

    /**
     * Writes what is due of OPEN, WINDOW, BLOCKED, CLOSE, RESET and STOP, until all is or the record has no room for the
     * next frame; then {@link #hasControl} stays true. Calls back (see {@link StreamListener}).
     */
    public void writeControl(FrameWriter out) {
        session.tick();
        lane.write(out);
    }

    // ---- queries

    /** Epochs that are not over, those waiting for confirmations included. */
    public int liveStreams() {
        return epochs.live();
    }

    /** This side's halves that are open. */
    public int openHalves() {
        return handles.senders();
    }

    /** This side's halves whose OPEN waits for the peer to allow it, or for the next record. */
    public int waitingOpens() {
        return lane.waitingOpens();
    }

    /** Streams of the peer that nobody has claimed. */
    public int unclaimedStreams() {
        return unclaimed.count();
    }

    /** Handles that the peer has opened and not been given back. */
    public long peerOpens() {
        return opens.inUse();
    }

    /** Largest element that the peer takes, from its HELLO. */
    public long peerMaxPayloadBytes() {
        return session.peerMaxPayloadBytes();
    }

    @Override
    public String toString() {
        return epochs.live() + " streams, " + unclaimed.count() + " unclaimed, " + lane;
    }

    /** Ids and handles remembered, for leak checks. */
    int remembered() {
        return epochs.size() + handles.size() + early.size() + frames.waiting();
    }
}
