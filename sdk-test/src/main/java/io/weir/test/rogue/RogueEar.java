package io.weir.test.rogue;

import io.weir.core.wire.Frame;
import io.weir.core.wire.FrameReader;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Reads the frames of a node, unit by unit. Whoever asks says where the next unit comes from: it {@link #hear hears} it, or there is none. */
final class RogueEar {

    private final FrameReader reader = new FrameReader();

    /** A unit's frames, opened. */
    void hear(byte[] array, int length) {
        reader.reset(array, 0, length);
    }

    /** The next frame; null if there is no other unit. */
    @Nullable
    Frame next(BooleanSupplier hearsMore) {
        while (true) {
            switch (reader.next()) {
                case DATA -> {
                    return reader.data();
                }
                case MESSAGE -> {
                    return reader.message().frame();
                }
                case FRAME -> {
                    return reader.frame();
                }
                case MALFORMED -> throw new AssertionError("the node wrote a malformed frame: " + reader.problem());
                case END -> {
                    if (!hearsMore.getAsBoolean()) {
                        return null;
                    }
                }
            }
        }
    }

    /** All frames until there is no other unit. */
    List<Frame> all(BooleanSupplier hearsMore) {
        List<Frame> frames = new ArrayList<>();
        Frame frame;
        while ((frame = next(hearsMore)) != null) {
            frames.add(frame);
        }
        return frames;
    }

    /** The next frame of a kind; others are skipped. */
    <F extends Frame> F await(Class<F> kind, BooleanSupplier hearsMore) {
        Frame frame;
        while ((frame = next(hearsMore)) != null) {
            if (kind.isInstance(frame)) {
                return kind.cast(frame);
            }
        }
        throw new AssertionError("the node says no " + kind.getSimpleName());
    }
}
