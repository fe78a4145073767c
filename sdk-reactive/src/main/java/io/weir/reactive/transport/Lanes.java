package io.weir.reactive.transport;

import io.weir.core.wire.FrameWriter;

/**
 * What a session has to say, by lane: the source of a {@link Carrier}. Each lane is in order; what goes into which is the
 * protocol's ("Order"):
 *
 * <pre>
 *   control     every frame of the session itself and of credit; OPEN, CLOSE, RESET, STOP
 *   a half      its DATA
 *   a message   its packets: of a request or one-way message, with its cancel; of an answer
 * </pre>
 *
 * <p>A lane that has written something is asked again. Once it has written nothing it need not be asked before it is woken
 * ({@link Carrier#wake()}, {@link Carrier#wake(HalfLane)}). How many bytes fit is said by the writer. Writing may call user
 * code, which may wake lanes, and end the session; a lane then has nothing more to say but END. Loop only.
 *
 * <p>Carriers that merge the lanes into records:
 *
 * <pre>{@code
 *   begin, control, messages up to the half of the record where halves have data too, the halves in turn by weight,
 *   controlBehindHalves, messages, complete
 * }</pre>
 *
 * Carriers that keep them apart: {@code begin}, one lane, or packets of messages that go out together, {@code sent} if anything was written.
 */
public interface Lanes {

    /** What {@link #message} returns when there is nothing to write. */
    long NONE = -1;

    /** Something is about to be written: a record, a packet, or a part of a lane. */
    void begin();

    /** Writes what is due in the control lane, END last. */
    void control(FrameWriter out);

    /**
     * Writes elements of one half.
     *
     * @return whether it has more, for which there was no room
     */
    boolean half(HalfLane half, FrameWriter out);

    /**
     * Writes one packet of a message: of the one whose turn it is, as far as credit goes.
     *
     * @return the number of the lane that it belongs to, 0 or more, unique among those of this side; {@link #NONE} if there is
     *     nothing to write or no room
     */
    long message(FrameWriter out);

    /**
     * Whether the lane of a message, all of whose packets were written, may still be written to, as a request's by its cancel.
     *
     * @param lane as {@link #message} has returned it
     */
    boolean mayFollow(long lane);

    /**
     * Something was written to a lane of its own and goes out.
     *
     * @param bytes of it, above 0
     */
    void sent(int bytes);

    /** END is written: nothing follows it, in any lane. */
    boolean isFinished();

    // ---- for those that merge

    /** Writes packets of messages in turn, until the writer has so many bytes; none if it has them already. */
    void messages(FrameWriter out, int upToPosition);

    /** Writes what has become due of streams while their halves were served: a CLOSE belongs right behind its last element. */
    void controlBehindHalves(FrameWriter out);

    /** The last word in a record: adds what only goes along with others, and notes that it goes out unless it is empty. */
    void complete(FrameWriter out);
}
