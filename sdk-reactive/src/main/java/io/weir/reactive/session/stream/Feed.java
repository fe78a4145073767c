package io.weir.reactive.session.stream;

import io.weir.core.error.CloseReason;
import io.weir.core.error.CodecException;
import io.weir.core.error.ErrorCode;
import io.weir.core.error.GoingAwayException;
import io.weir.core.error.Origin;
import io.weir.core.error.StreamStopped;
import io.weir.core.stream.SendHalf;
import io.weir.core.wire.FrameWriter;
import org.jspecify.annotations.Nullable;

/** What feeds a sending half: a publisher ({@link SendFeed}) or single offers ({@link OfferFeed}). Loop-confined. */
interface Feed {

    /** What became of an attempt to write the next element into a record. */
    enum Step {
        /** Something was written; there may be more. */
        WROTE,
        /** Nothing to send now, or nothing more ever. */
        EMPTY,
        /** The next element does not fit the credit, or for lack of it none may be asked for, or was taken. */
        NO_CREDIT,
        /** The next element does not fit the record. */
        RECORD_FULL,
        /** The next element is not encoded while so much else waits to be written. */
        NO_MEMORY
    }

    /** Whoever attached this is ready for signals; ends that came before are told after it. */
    default void onAttached() {}

    /** The half is open: elements may be asked for and written from now on. */
    void onOpened(SendHalf half);

    /** Writes the next element, or a fragment of it. */
    Step writeNext(FrameWriter record, SendHalf half);

    /** No more elements after those accepted so far; then {@link OutboundHalf#finish}. */
    void closeAfterAccepted();

    /**
     * The half has ended, whoever ended it. Called once.
     *
     * @param failure null: complete, and everything has been consumed, or written where nothing confirms
     */
    void onEnded(@Nullable RuntimeException failure);

    /** What the peer is told of an error of the application: where a codec here has failed that, as of a request. */
    static ErrorCode codeOf(Throwable e) {
        if (e instanceof CodecException codec && codec.reason().origin() == Origin.LOCAL) {
            return codec.reason().error();
        }
        return e instanceof GoingAwayException ? ErrorCode.GOING_AWAY : ErrorCode.APPLICATION_ERROR;
    }

    /** The reason for an end that this side decided by itself. */
    static StreamStopped stoppedHere(ErrorCode code) {
        return new StreamStopped(CloseReason.local(code));
    }
}
