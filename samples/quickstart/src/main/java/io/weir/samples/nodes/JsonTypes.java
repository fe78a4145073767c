package io.weir.samples.nodes;

import io.weir.core.error.CodecException;
import io.weir.reactive.codec.Codec;
import io.weir.reactive.codec.TypeRef;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** JSON for a type with type arguments, by a mapper of one's own, and what is said of a primitive that is absent. */
public final class JsonTypes {

    private JsonTypes() {}

    /** What may be absent says so by its type. */
    record Quote(String symbol, double price, Optional<String> venue) {}

    public static void main(String[] args) {
        run(System.out::println);
    }

    static void run(Consumer<String> log) {
        Codec<List<Quote>> lists = Codec.json(new TypeRef<List<Quote>>() {});
        byte[] bytes = lists.toBytes(List.of(new Quote("ACME", 12.5, Optional.empty())));
        log.accept(new String(bytes, StandardCharsets.UTF_8));

        ByteBuffer unpriced = ByteBuffer.wrap("{\"symbol\":\"ACME\"}".getBytes(StandardCharsets.UTF_8));
        try {
            Codec.json(Quote.class).fromBytes(unpriced);
        } catch (CodecException e) {
            log.accept(e.reason().detail());
        }

        JsonMapper lenient = JsonMapper.builder()
                .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .build();
        log.accept(Codec.json(Quote.class, () -> lenient).fromBytes(unpriced).toString());
    }
}
