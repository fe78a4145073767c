package io.weir.core.fuzz;

import io.weir.core.error.ErrorCode;
import io.weir.core.wire.Frame;
import io.weir.core.wire.FrameReader;
import io.weir.core.wire.MessageFields;
import io.weir.core.wire.StreamFrame;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Plays the script of a {@link FrameScript}, or any bytes as one, to a table: records of a peer that says anything at all, and commands
 * of the application. Each step may end it with a violation. After each the bounds must be kept, and at the end all be given back.
 */
public abstract class ScriptRun {

    private final FrameReader reader = new FrameReader();

    /** Plays all of it, or up to the first violation. */
    public final void play(byte[] input) {
        ByteBuffer script = ByteBuffer.wrap(input);
        @Nullable ErrorCode violation = null;
        while (script.hasRemaining() && violation == null) {
            int op = script.get() & 0xFF;
            if (op < 0x80) {
                violation = record(script, op);
            } else {
                command(op & 7, op >>> 3 & 0xF);
            }
            check(violation);
        }
        close();
    }

    private @Nullable ErrorCode record(ByteBuffer script, int length) {
        byte[] record = new byte[Math.min(length, script.remaining())];
        script.get(record);
        reader.reset(record, 0, record.length);
        while (true) {
            ErrorCode violation = switch (reader.next()) {
                case DATA -> data(reader.data());
                case MESSAGE -> message(reader.message());
                case FRAME -> frame(reader.frame());
                case MALFORMED -> reader.error();
                case END -> ErrorCode.NONE;
            };
            if (violation != null) {
                return violation == ErrorCode.NONE ? null : violation;
            }
        }
    }

    /** Null if it breaks no rule. */
    protected @Nullable ErrorCode data(StreamFrame.Data data) {
        return null;
    }

    /** Null if it breaks no rule. */
    protected @Nullable ErrorCode message(MessageFields message) {
        return null;
    }

    /** Any other. Null if it breaks no rule. */
    protected abstract @Nullable ErrorCode frame(Frame frame);

    /** As {@link FrameScript#command}. */
    protected abstract void command(int what, int which);

    /** What must hold after each step. */
    protected abstract void check(@Nullable ErrorCode violation);

    /** The session is over; what must hold then. */
    protected abstract void close();
}
