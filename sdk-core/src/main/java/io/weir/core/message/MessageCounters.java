package io.weir.core.message;

/** What became of the peer's messages and packets that nobody was given. Confined to the session's loop. */
final class MessageCounters {

    /** Messages that were dropped because this side takes nothing new. */
    long dropped;

    /** Packets that were dropped because they repeat what came before. */
    long duplicates;

    /** Requests that were answered BUSY. */
    long refused;
}
