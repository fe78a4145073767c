package io.weir.reactive.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.weir.core.error.CodecException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

class JsonCodecTest {

    record Quote(String symbol, double price) {}

    private final Codec<Quote> quotes = Codec.json(Quote.class);

    @Test
    void recordsSurviveTheRoundTrip() {
        ByteBuffer encoded = quotes.encode(new Quote("ACME", 12.5));

        assertThat(StandardCharsets.UTF_8.decode(encoded.duplicate()).toString())
                .isEqualTo("{\"symbol\":\"ACME\",\"price\":12.5}");
        assertThat(quotes.decode(encoded.asReadOnlyBuffer())).isEqualTo(new Quote("ACME", 12.5));
    }

    @Test
    void typesWithArgumentsSurviveTheRoundTrip() {
        Codec<Map<String, List<Quote>>> codec = Codec.json(new TypeRef<Map<String, List<Quote>>>() {});
        Map<String, List<Quote>> value = Map.of("nyse", List.of(new Quote("ACME", 1), new Quote("IBM", 2)));

        assertThat(codec.decode(codec.encode(value))).isEqualTo(value);
    }

    @Test
    void payloadIsReadFromPositionToLimitAndStays() {
        ByteBuffer payload = json("xx{\"symbol\":\"A\",\"price\":1}yy").position(2);
        payload.limit(payload.limit() - 2);

        assertThat(quotes.decode(payload)).isEqualTo(new Quote("A", 1));
        assertThat(payload.position()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{", "[]", "{\"symbol\":\"A\",\"price\":\"dear\"}", "{\"symbol\":\"A\",\"price\":1} {}"})
    void whatIsNoQuoteIsAnError(String text) {
        assertThatThrownBy(() -> quotes.decode(json(text))).isInstanceOf(JacksonException.class);
    }

    @Test
    void aJsonNullIsAnErrorSinceAStreamHasNoNullElements() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> quotes.decode(json("null")))
                .withMessageContaining("JSON null")
                .withMessageContaining("Quote");
    }

    // ---- what Jackson's defaults mean

    record Order(Quote quote, int count, Integer limit, Optional<String> note, OptionalInt day, Instant at) {}

    @Test
    void aPrimitiveThatIsAbsentIsNamedWithWhatToDo() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> quotes.decode(json("{\"symbol\":\"A\"}")))
                .withMessage(
                        "io.weir.reactive.codec.JsonCodecTest$Quote[\"price\"] is absent, which double cannot be: it must be"
                                + " sent, or declared with a type that may be absent, such as Integer, Double, Boolean or Optional")
                .withCauseInstanceOf(JacksonException.class);
    }

    @Test
    void aPrimitiveThatIsNullIsNamedWithTheWayToIt() {
        Codec<List<Order>> orders = Codec.json(new TypeRef<List<Order>>() {});
        assertThatIllegalArgumentException()
                .isThrownBy(() -> orders.decode(json("[{\"quote\":{\"symbol\":\"A\",\"price\":null},\"count\":1}]")))
                .withMessageContaining("ArrayList[0]->")
                .withMessageContaining("Order[\"quote\"]->")
                .withMessageContaining("Quote[\"price\"] is null, which double cannot be");
    }

    /** The half ends with this, and its message says all of it. */
    @Test
    void theCodecsErrorHasItInItsMessage() {
        assertThatThrownBy(() -> quotes.fromBytes(json("{\"symbol\":\"A\"}")))
                .isInstanceOf(CodecException.class)
                .hasMessageStartingWith("decoding failed: local STREAM 0x27 DECODE_FAILED, not retryable")
                .hasMessageContaining("Quote[\"price\"] is absent, which double cannot be");
    }

    @Test
    void anotherMismatchIsAsJacksonTellsIt() {
        assertThatThrownBy(() -> quotes.decode(json("{\"symbol\":\"A\",\"price\":{}}")))
                .isInstanceOf(JacksonException.class)
                .hasMessageContaining("from Object value");
    }

    @Test
    void whatMayBeAbsentIsNullOrEmpty() {
        Order order = Codec.json(Order.class).decode(json("{\"count\":2}"));
        assertThat(order).isEqualTo(new Order(null, 2, null, Optional.empty(), OptionalInt.empty(), null));
    }

    @Test
    void whatTheTypeDoesNotKnowIsIgnored() {
        assertThat(quotes.decode(json("{\"symbol\":\"A\",\"price\":1,\"venue\":[{\"x\":null}]}")))
                .isEqualTo(new Quote("A", 1));
    }

    @Test
    void optionalsAndTimesSurviveTheRoundTripAndAreIsoText() {
        Codec<Order> orders = Codec.json(Order.class);
        Order order = new Order(new Quote("A", 1), 2, 3, Optional.of("soon"), OptionalInt.of(4), Instant.EPOCH);
        ByteBuffer encoded = orders.encode(order);
        assertThat(StandardCharsets.UTF_8.decode(encoded.duplicate()).toString())
                .contains("\"at\":\"1970-01-01T00:00:00Z\"", "\"note\":\"soon\"", "\"day\":4");
        assertThat(orders.decode(encoded)).isEqualTo(order);
        Codec<Map<String, Duration>> times = Codec.json(new TypeRef<Map<String, Duration>>() {});
        Map<String, Duration> value = Map.of("took", Duration.ofMillis(90_500));
        assertThat(times.decode(times.encode(value))).isEqualTo(value);
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME)
    sealed interface Event permits Opened, Closed {}

    record Opened(int id) implements Event {}

    record Closed(int id, String why) implements Event {}

    @Test
    void aSealedTypeWithTypeInfoSurvivesTheRoundTripAlsoInsideAList() {
        Codec<Event> events = Codec.json(Event.class);
        assertThat(events.decode(events.encode(new Opened(1)))).isEqualTo(new Opened(1));

        Codec<List<Event>> lists = Codec.json(new TypeRef<List<Event>>() {});
        List<Event> value = List.of(new Opened(1), new Closed(1, "done"));
        assertThat(lists.decode(lists.encode(value))).isEqualTo(value);
        assertThatThrownBy(() -> events.decode(json("{\"@type\":\"Exploded\",\"id\":1}")))
                .isInstanceOf(JacksonException.class);
    }

    @Test
    void nestingIsBoundBothWays() {
        Codec<Object> anything = Codec.json(Object.class);
        assertThat(anything.decode(json("[".repeat(500) + "]".repeat(500)))).isInstanceOf(List.class);
        assertThatThrownBy(() -> anything.decode(json("[".repeat(501) + "]".repeat(501))))
                .isInstanceOf(JacksonException.class);
        Object deep = List.of();
        for (int i = 0; i < 501; i++) {
            deep = List.of(deep);
        }
        Object tooDeep = deep;
        assertThatThrownBy(() -> anything.toBytes(tooDeep))
                .isInstanceOf(CodecException.class)
                .satisfies(
                        e -> assertThat(e.getMessage().length()).as("bounded").isLessThan(600));
    }

    // ---- a mapper of one's own

    @Test
    void theSettingsOfAMapperOfOnesOwnHold() {
        JsonMapper lenient = JsonMapper.builder()
                .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .build();
        Codec<Quote> own = Codec.json(Quote.class, () -> lenient);
        assertThat(own.decode(json("{\"symbol\":\"A\"}"))).isEqualTo(new Quote("A", 0));
        assertThatThrownBy(() -> own.decode(json("{\"symbol\":\"A\",\"x\":1}"))).isInstanceOf(JacksonException.class);

        Codec<List<Quote>> lists = Codec.json(new TypeRef<List<Quote>>() {}, () -> lenient);
        assertThat(lists.decode(json("[{}]"))).containsExactly(new Quote(null, 0));
    }

    @Test
    void aMapperThatIsNoneIsRefusedAtOnce() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Codec.json(Quote.class, () -> null))
                .withMessage("mapper is null, must be a tools.jackson.databind.json.JsonMapper");
    }

    @Test
    void aTypeMayBeKnownOnlyWhenTheProgramRuns() throws NoSuchFieldException {
        Type found = Signature.class.getDeclaredField("quotes").getGenericType();

        Object decoded = Codec.json(TypeRef.of(found)).fromBytes(json("[{\"symbol\":\"ACME\",\"price\":1}]"));

        assertThat(decoded).isEqualTo(List.of(new Quote("ACME", 1)));
        assertThat(TypeRef.of(found)).hasToString("TypeRef<" + found.getTypeName() + ">");
    }

    private static final class Signature {
        List<Quote> quotes = List.of();
    }

    @Test
    void aTypeRefWithoutArgumentIsRefused() {
        assertThatIllegalStateException()
                .isThrownBy(RawTypeRef::new)
                .withMessageContaining("new TypeRef<List<String>>() {}");
    }

    @SuppressWarnings("rawtypes")
    private static final class RawTypeRef extends TypeRef {}

    @Test
    void withoutJacksonTheErrorNamesTheArtifactAndTheOtherCodecsWork() throws Exception {
        URL[] weir = {locationOf(Codec.class), locationOf(CodecException.class)};
        try (URLClassLoader bare = new URLClassLoader(weir, ClassLoader.getPlatformClassLoader())) {
            Class<?> codec = bare.loadClass(Codec.class.getName());
            Method json = codec.getMethod("json", Class.class);

            assertThat(codec.getMethod("utf8").invoke(null)).isNotNull();
            assertThat(codec.getMethods())
                    .as("as frameworks look at their beans")
                    .hasSizeGreaterThan(10);
            assertThatThrownBy(() -> json.invoke(null, String.class))
                    .isInstanceOf(InvocationTargetException.class)
                    .cause()
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("tools.jackson.core:jackson-databind");
        }
    }

    private static URL locationOf(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation();
    }

    private static ByteBuffer json(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
