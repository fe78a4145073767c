package io.weir.core.wire;

import org.jspecify.annotations.Nullable;

/**
 * Each side's first frame: what it allows and expects, setting by setting. Each component is the {@link HelloSetting} of
 * that name, which says what it may be. Unknown settings are skipped when read, repeated ones are an error, absent ones
 * mean what {@link #defaults()} has.
 *
 * <pre>
 * | 0x04 | n v | n x ( number v | value bytes ) |
 * </pre>
 *
 * @param maxDatagramBytes 0 = not told
 * @param incarnation 0 = not told
 * @param pskMac null = none
 * @param largestRequest less than the request window = that
 * @param largestReply less than the reply window = that
 * @param features sum of what is understood: {@link #APPLICATION_ERRORS}, {@link #DEADLINES}, and what later versions know
 */
public record Hello(
        long initialWindow,
        long openLimit,
        long requestWindow,
        long replyWindow,
        long maxPayloadBytes,
        long silenceLimitMillis,
        long maxDatagramBytes,
        long incarnation,
        @Nullable Bytes pskMac,
        long largestRequest,
        long largestReply,
        long features)
        implements SessionFrame {

    /** Of the features: codes of applications, with what follows them in CLOSE and in the MESSAGE of an error. */
    public static final long APPLICATION_ERRORS = 1;

    /** Of the features: the time that is left for a request. */
    public static final long DEADLINES = 2;

    private static final Hello DEFAULTS = new Hello(
            HelloSetting.INITIAL_WINDOW.absent(),
            HelloSetting.OPEN_LIMIT.absent(),
            HelloSetting.REQUEST_WINDOW.absent(),
            HelloSetting.REPLY_WINDOW.absent(),
            HelloSetting.MAX_PAYLOAD.absent(),
            HelloSetting.SILENCE_LIMIT.absent(),
            HelloSetting.MAX_DATAGRAM.absent(),
            HelloSetting.INCARNATION.absent(),
            null,
            HelloSetting.LARGEST_REQUEST.absent(),
            HelloSetting.LARGEST_REPLY.absent(),
            HelloSetting.FEATURES.absent());

    public Hello {
        HelloSetting.INITIAL_WINDOW.check(initialWindow);
        HelloSetting.OPEN_LIMIT.check(openLimit);
        HelloSetting.REQUEST_WINDOW.check(requestWindow);
        HelloSetting.REPLY_WINDOW.check(replyWindow);
        HelloSetting.MAX_PAYLOAD.check(maxPayloadBytes);
        HelloSetting.SILENCE_LIMIT.check(silenceLimitMillis);
        HelloSetting.MAX_DATAGRAM.check(maxDatagramBytes);
        HelloSetting.INCARNATION.check(incarnation);
        HelloSetting.PSK_MAC.check(pskMac == null ? HelloSetting.PSK_MAC.absent() : pskMac.length());
        HelloSetting.LARGEST_REQUEST.check(largestRequest);
        HelloSetting.LARGEST_REPLY.check(largestReply);
        HelloSetting.FEATURES.check(features);
    }

    /** What absent settings mean. */
    public static Hello defaults() {
        return DEFAULTS;
    }

    public Hello withInitialWindow(long value) {
        return with(HelloSetting.INITIAL_WINDOW, value);
    }

    public Hello withOpenLimit(long value) {
        return with(HelloSetting.OPEN_LIMIT, value);
    }

    public Hello withRequestWindow(long value) {
        return with(HelloSetting.REQUEST_WINDOW, value);
    }

    public Hello withReplyWindow(long value) {
        return with(HelloSetting.REPLY_WINDOW, value);
    }

    public Hello withMaxPayloadBytes(long value) {
        return with(HelloSetting.MAX_PAYLOAD, value);
    }

    public Hello withSilenceLimitMillis(long value) {
        return with(HelloSetting.SILENCE_LIMIT, value);
    }

    public Hello withMaxDatagramBytes(long value) {
        return with(HelloSetting.MAX_DATAGRAM, value);
    }

    public Hello withIncarnation(long value) {
        return with(HelloSetting.INCARNATION, value);
    }

    public Hello withPskMac(@Nullable Bytes value) {
        return with(HelloSetting.PSK_MAC, 0, value);
    }

    public Hello withLargestRequest(long value) {
        return with(HelloSetting.LARGEST_REQUEST, value);
    }

    public Hello withLargestReply(long value) {
        return with(HelloSetting.LARGEST_REPLY, value);
    }

    public Hello withFeatures(long value) {
        return with(HelloSetting.FEATURES, value);
    }

    /** Whether whoever says this understands that feature. */
    public boolean understands(long feature) {
        return (features & feature) != 0;
    }

    /** A copy in which that setting, any but {@link HelloSetting#PSK_MAC}, has another value. */
    Hello with(HelloSetting changed, long value) {
        return with(changed, value, null);
    }

    private Hello with(HelloSetting changed, long value, @Nullable Bytes mac) {
        return new Hello(
                changed == HelloSetting.INITIAL_WINDOW ? value : initialWindow,
                changed == HelloSetting.OPEN_LIMIT ? value : openLimit,
                changed == HelloSetting.REQUEST_WINDOW ? value : requestWindow,
                changed == HelloSetting.REPLY_WINDOW ? value : replyWindow,
                changed == HelloSetting.MAX_PAYLOAD ? value : maxPayloadBytes,
                changed == HelloSetting.SILENCE_LIMIT ? value : silenceLimitMillis,
                changed == HelloSetting.MAX_DATAGRAM ? value : maxDatagramBytes,
                changed == HelloSetting.INCARNATION ? value : incarnation,
                changed == HelloSetting.PSK_MAC ? mac : pskMac,
                changed == HelloSetting.LARGEST_REQUEST ? value : largestRequest,
                changed == HelloSetting.LARGEST_REPLY ? value : largestReply,
                changed == HelloSetting.FEATURES ? value : features);
    }

    /** What that setting is; of {@link HelloSetting#PSK_MAC} its length. */
    long value(HelloSetting setting) {
        return switch (setting) {
            case INITIAL_WINDOW -> initialWindow;
            case OPEN_LIMIT -> openLimit;
            case REQUEST_WINDOW -> requestWindow;
            case REPLY_WINDOW -> replyWindow;
            case MAX_PAYLOAD -> maxPayloadBytes;
            case SILENCE_LIMIT -> silenceLimitMillis;
            case MAX_DATAGRAM -> maxDatagramBytes;
            case INCARNATION -> incarnation;
            case PSK_MAC -> pskMac == null ? setting.absent() : pskMac.length();
            case LARGEST_REQUEST -> largestRequest;
            case LARGEST_REPLY -> largestReply;
            case FEATURES -> features;
        };
    }

    /** Whether that setting goes onto the wire. */
    boolean says(HelloSetting setting) {
        return setting.hasDefault() || value(setting) != setting.absent();
    }

    @Override
    public FrameType type() {
        return FrameType.HELLO;
    }
}
