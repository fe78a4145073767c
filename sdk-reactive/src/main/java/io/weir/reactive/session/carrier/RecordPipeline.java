package io.weir.reactive.session.carrier;

import io.weir.core.crypto.RecordCipher;
import io.weir.core.error.ErrorCode;
import io.weir.reactive.transport.SessionLoop;
import java.nio.ByteBuffer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/**
 * Carries a session's frames over a link of bytes, as sealed records in order.
 *
 * <pre>
 *   outbound   lanes --> fair merge --> seal --> link
 *   inbound    link --> cut into records --> open --> demultiplex
 * </pre>
 *
 * Loop-confined.
 */
public final class RecordPipeline {

    private final FairMerge merge;
    private final RecordSealer sealer;
    private final RecordOpener opener;
    private final Demultiplexer demultiplexer;
    private final RecordBuffers buffers;
    private final RecordOpener.Sink onRecord;

    /**
     * @param lanes what is said
     * @param onHeard told the length of each authentic record, before its frames are dispatched
     */
    public RecordPipeline(
            FairMerge.Source lanes,
            SessionLoop loop,
            RecordBuffers buffers,
            RecordCipher sending,
            RecordCipher receiving,
            Demultiplexer demultiplexer,
            IntConsumer onHeard) {
        merge = new FairMerge(lanes, loop, buffers);
        sealer = new RecordSealer(sending);
        opener = new RecordOpener(receiving, buffers);
        this.demultiplexer = demultiplexer;
        this.buffers = buffers;
        onRecord = new RecordOpener.Sink() {
            @Override
            public boolean keepsRecords() {
                return demultiplexer.keepsRecords();
            }

            @Override
            public @Nullable ErrorCode onRecord(byte[] array, int length, boolean own) {
                onHeard.accept(length);
                return demultiplexer.onRecord(array, length, own);
            }
        };
    }

    // ---- outbound

    /** Everything that is said, as sealed records with their length fields. */
    public Flux<ByteBuffer> records() {
        return merge.map(sealer::seal);
    }

    /** There may be something to say. */
    public void wake() {
        merge.wake();
    }

    /** The last record has been sealed. */
    public void onLastRecord() {
        sealer.close();
    }

    // ---- inbound

    /** Opens and dispatches what the chunk completes; what this returns other than null ends the session. */
    @Nullable
    public ErrorCode open(ByteBuffer chunk) {
        return opener.open(chunk, onRecord);
    }

    /** In words, to this side only, what {@link #open} has found wrong. */
    public String problem(ErrorCode found) {
        String problem = demultiplexer.problem();
        return found == ErrorCode.MALFORMED_FRAME && problem.isEmpty() ? "a record of less than 17 bytes" : problem;
    }

    /** As {@link io.weir.reactive.session.loop.SessionContext#view}. */
    public ByteBuffer view(byte[] array, int offset, int length, boolean kept) {
        return demultiplexer.view(array, offset, length, kept);
    }

    // ---- life

    /** Gives up memory that nothing under way needs. */
    public void trim() {
        opener.trim();
        demultiplexer.trim();
        buffers.trim();
    }

    /** Nothing more is sealed or opened. */
    public void close() {
        merge.cancel();
        sealer.close();
        opener.close();
    }
}
