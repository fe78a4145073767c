package io.weir.core.handshake;

import java.util.List;

/** The handshake patterns of Noise section 7.5 and 9.4 that Weir runs, as data. */
enum HandshakePattern {
    /**
     * Mutual authentication, static keys transmitted and encrypted.
     *
     * <pre>{@code
     *   -> e
     *   <- e, ee, s, es
     *   -> s, se
     * }</pre>
     */
    XX(List.of(Token.E), List.of(Token.E, Token.EE, Token.S, Token.ES), List.of(Token.S, Token.SE)),

    /** XX with a pre-shared key mixed in at the end of the third message. */
    XXPSK3(List.of(Token.E), List.of(Token.E, Token.EE, Token.S, Token.ES), List.of(Token.S, Token.SE, Token.PSK));

    /** The tokens of Noise section 5.3. */
    enum Token {
        E,
        S,
        EE,
        ES,
        SE,
        PSK
    }

    private final List<List<Token>> messages;

    HandshakePattern(List<Token> first, List<Token> second, List<Token> third) {
        this.messages = List.of(first, second, third);
    }

    /** How many messages the handshake has; the initiator sends the first, and then they alternate. */
    int messageCount() {
        return messages.size();
    }

    /** The tokens of message {@code index}, from 0. */
    List<Token> message(int index) {
        return messages.get(index);
    }

    /** Whether the pattern mixes in a pre-shared key, which changes what an {@code e} token does (Noise section 9.2). */
    boolean hasPsk() {
        return this == XXPSK3;
    }

    /** The pattern's part of a Noise protocol name, such as {@code XXpsk3}. */
    String noiseName() {
        return this == XX ? "XX" : "XXpsk3";
    }
}
