package io.weir.core.wire;

/**
 * A frame: the unit inside a record or packet (PROTOCOL section 3). A frame object is always legal: constructors refuse
 * what is out of range, since that is a caller's bug, and a {@link FrameReader} finds every violation before it builds.
 * DATA and MESSAGE are written and read without objects of this kind on the hot path.
 *
 * <p>Layouts are in the notation of {@code docs-site/protocol.md}: v is a {@link VarInt}, which has no width of its own, and
 * the first byte is the type.
 */
public sealed interface Frame permits SessionFrame, StreamFrame, CreditFrame, MessageFrame, LinkFrame {

    /** The lowest handle that a stream half can have; those below belong to the session. */
    long FIRST_HANDLE = 3;

    /** What an element costs beside its length, in credit and in the offset space of its half. */
    int ELEMENT_OVERHEAD = 16;

    /** Which kind this is. */
    FrameType type();
}
