package io.weir.core.stream;

import io.weir.core.error.ErrorCode;
import io.weir.core.wire.CreditFrame;
import io.weir.core.wire.Frame;
import io.weir.core.wire.StreamFrame;
import org.jspecify.annotations.Nullable;

/**
 * The frames of the peer about streams: each finds its half by its handle. What they return is null, or the error with
 * which to end the session.
 */
final class PeerFrames {

    private final SessionView session;
    private final OpenCredit opens;
    private final ControlLane lane;
    private final HandleBook handles;
    private final PeerOpens peerOpens;
    private final EarlyData early;
    private final EarlyFrames earlyFrames;
    private final EarlyDatagrams earlyDatagrams;

    PeerFrames(StreamContext context, OpenCredit opens, PeerOpens peerOpens, EarlyData early) {
        this.session = context.session();
        this.opens = opens;
        this.lane = context.lane();
        this.handles = context.handles();
        this.peerOpens = peerOpens;
        this.early = early;
        this.earlyFrames = new EarlyFrames(session.host().hashSeed());
        this.earlyDatagrams = new EarlyDatagrams(
                opens, session.settings().initialWindowBytes(), session.host().hashSeed());
    }

    @Nullable
    ErrorCode onOpen(StreamFrame.Open f) {
        session.tick();
        ErrorCode violation = peerOpens.onOpen(f);
        boolean waits = early.size() > 0 || waiting() > 0;
        ReceiveHalf half = !waits || violation != null ? null : handles.receiver(f.handle());
        if (half == null) {
            return violation;
        }
        violation = earlyDatagrams.deliver(half);
        if (violation == null) {
            violation = early.deliver(half);
        }
        return violation == null ? earlyFrames.deliver(half) : violation;
    }

    /** DATA of a half that is not open: an error on an ordered link; else it came too early, or on its way late. */
    @Nullable
    ErrorCode onDataOfNoHalf(
            long handle, boolean first, boolean last, long total, byte[] array, int offset, int length) {
        if (session.isOrdered()) {
            return ErrorCode.PROTOCOL_VIOLATION; // a half is over only after its CLOSE or RESET has come
        }
        return opens.isUsed(handle) ? null : early.add(handle, first, last, total, array, offset, length);
    }

    /** An element by a datagram, on a carrier that has streams too. */
    @Nullable
    ErrorCode onDatagram(long handle, long at, byte[] array, int offset, int length, int recordLength) {
        ReceiveHalf half = handles.receiverOfElement(handle);
        if (half != null) {
            return half.onDatagram(at, array, offset, length, recordLength);
        }
        if (opens.isUsed(handle)) {
            session.onLate();
            return null; // the half is over
        }
        return earlyDatagrams.add(handle, at, array, offset, length);
    }

    /** How far a half goes by datagrams, said in the lane of control or in its own. */
    @Nullable
    ErrorCode onDatagrams(StreamFrame.Datagrams f, boolean inStream) {
        session.tick();
        if (!session.isPerHalf()) {
            return ErrorCode.PROTOCOL_VIOLATION;
        }
        ReceiveHalf half = handles.receiver(f.handle());
        if (half != null) {
            return half.onDatagrams(f.limit(), inStream);
        }
        return inStream && !opens.isUsed(f.handle())
                ? earlyDatagrams.addStream(f.handle(), f.limit())
                : unknownPeers(f.handle());
    }

    /** DATA with its offset, where it comes in any order. */
    @Nullable
    ErrorCode onUnorderedData(
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
        ReceiveHalf half = handles.receiverOfElement(handle);
        if (half != null) {
            return half.intake().unordered().onData(first, last, at, seq, total, array, offset, length, recordLength);
        }
        if (opens.isUsed(handle)) {
            if (first && seq >= 0) { // what is numbered is fire-and-forget, and comes once
                session.onLate();
            }
            return null; // the half is over
        }
        long window = session.settings().initialWindowBytes();
        return opens.isAllowed(handle)
                ? earlyFrames.add(handle, first, last, at, total, array, offset, length, window)
                : ErrorCode.STREAM_LIMIT;
    }

    @Nullable
    ErrorCode onWindow(CreditFrame.Window f) {
        session.tick();
        if (f.handle() == 0) {
            if (f.consumed() > lane.nextHandle()) {
                return ErrorCode.PROTOCOL_VIOLATION;
            }
            lane.raiseLimit(f.limit());
            return null;
        }
        SendHalf half = handles.sender(f.handle());
        return half == null ? unknownOwn(f.handle()) : half.onWindow(f.consumed(), f.limit());
    }

    @Nullable
    ErrorCode onBlocked(CreditFrame.Blocked f) {
        session.tick();
        if (f.handle() == 0) {
            lane.onBlocked(f.limit());
            return null;
        }
        ReceiveHalf half = handles.receiver(f.handle());
        if (half == null) {
            if (isEarly(f.handle())) {
                earlyFrames.add(f);
                return null;
            }
            return unknownPeers(f.handle());
        }
        half.onBlocked(f.limit(), f.sent());
        return null;
    }

    @Nullable
    ErrorCode onClose(StreamFrame.Close f) {
        session.tick();
        ReceiveHalf half = handles.receiver(f.handle());
        if (half == null && isEarly(f.handle())) {
            earlyFrames.add(f);
            return null;
        }
        return half == null ? unknownPeers(f.handle()) : half.stream().onClose(HalfEnd.of(f));
    }

    @Nullable
    ErrorCode onReset(StreamFrame.Reset f) {
        session.tick();
        ReceiveHalf half = handles.receiver(f.handle());
        if (half == null && isEarly(f.handle())) {
            earlyFrames.add(f);
            return null;
        }
        if (half == null) {
            return unknownPeers(f.handle());
        }
        half.stream().onReset(f.code());
        return null;
    }

    @Nullable
    ErrorCode onStop(StreamFrame.Stop f) {
        session.tick();
        SendHalf half = handles.sender(f.handle());
        return half == null ? unknownOwn(f.handle()) : half.stream().onStop(f.refuses(), f.code());
    }

    /** Halves for whose OPEN control frames wait. */
    int waiting() {
        return earlyFrames.size() + earlyDatagrams.size();
    }

    /** The session is over. */
    void close() {
        earlyFrames.clear();
        earlyDatagrams.clear();
    }

    /** Whether the OPEN of a half that is not here may still come. */
    private boolean isEarly(long handle) {
        return session.mayLose() && opens.isAllowed(handle);
    }

    /** A frame of the peer about its own half that is not here: fine if the half is over, an error if it never was. */
    private @Nullable ErrorCode unknownPeers(long handle) {
        return opens.isUsed(handle) ? null : ErrorCode.PROTOCOL_VIOLATION;
    }

    private @Nullable ErrorCode unknownOwn(long handle) {
        return handle < Frame.FIRST_HANDLE || handle >= lane.nextHandle() ? ErrorCode.PROTOCOL_VIOLATION : null;
    }
}
