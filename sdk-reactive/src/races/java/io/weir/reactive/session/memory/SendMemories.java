package io.weir.reactive.session.memory;

/** Memory for what is sent, for races in other packages. */
public final class SendMemories {

    private SendMemories() {}

    /** More than any race needs. */
    public static SendMemory ample() {
        return new SendMemory(new NodeMemory(1 << 20), 1 << 20);
    }
}
