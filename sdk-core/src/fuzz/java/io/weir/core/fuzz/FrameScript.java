package io.weir.core.fuzz;

import io.weir.core.wire.Bytes;
import io.weir.core.wire.Frame;
import io.weir.core.wire.FrameWriter;
import io.weir.core.wire.StreamFrame;
import java.io.ByteArrayOutputStream;

/**
 * Writes the scripts that fuzz tests of whole tables play: records of a peer, each behind a byte with its length (below
 * 128), and commands of the application, a byte from 128 up.
 */
public final class FrameScript {

    private final ByteArrayOutputStream script = new ByteArrayOutputStream();
    private final FrameWriter writer = new FrameWriter(FrameWriter.RECORD_TARGET, FrameWriter.RECORD_MAX);

    /**
     * Adds a record with these frames.
     *
     * @throws IllegalArgumentException if they take more than 127 bytes
     */
    public FrameScript record(Frame... frames) {
        writer.reset();
        for (Frame frame : frames) {
            if (!writer.write(frame) || writer.position() > 127) {
                throw new IllegalArgumentException(frame + " does not fit into a record of 127 bytes");
            }
        }
        script.write(writer.position());
        script.write(writer.array(), 0, writer.position());
        return this;
    }

    /**
     * Adds a record with a whole element of so many bytes.
     *
     * @param handle of the stream, 3 or more
     */
    public FrameScript element(long handle, int length) {
        return record(new StreamFrame.Data(handle, true, true, -1, -1, -1, Bytes.copyOf(new byte[length])));
    }

    /**
     * Adds a command.
     *
     * @param what 0 to 7
     * @param which 0 to 15
     */
    public FrameScript command(int what, int which) {
        script.write(0x80 | which << 3 | what);
        return this;
    }

    /** The script. */
    public byte[] bytes() {
        return script.toByteArray();
    }
}
