package io.weir.samples.cli.json;

import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** An object whose members stand in the order in which they were put, written in one line. One thread. */
public final class JsonObject {

    private static final JsonFactory JSON = new JsonFactory();

    private final Map<String, Object> members = new LinkedHashMap<>();

    /** A text; none is put where there is none. */
    public JsonObject put(String name, @Nullable String value) {
        if (value != null) {
            members.put(name, value);
        }
        return this;
    }

    /** An integer. */
    public JsonObject put(String name, long value) {
        members.put(name, value);
        return this;
    }

    /** A fraction. */
    public JsonObject put(String name, double value) {
        members.put(name, value);
        return this;
    }

    /** Texts. */
    public JsonObject put(String name, List<String> values) {
        members.put(name, List.copyOf(values));
        return this;
    }

    /** The line, without its end. */
    @Override
    public String toString() {
        StringWriter line = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), line)) {
            json.writeStartObject();
            members.forEach((name, value) -> write(json, name, value));
            json.writeEndObject();
        }
        return line.toString();
    }

    private static void write(JsonGenerator json, String name, Object value) {
        json.writeName(name);
        if (value instanceof Long number) {
            json.writeNumber(number);
        } else if (value instanceof Double number) {
            json.writeNumber(number);
        } else if (value instanceof List<?> texts) {
            json.writeStartArray();
            texts.forEach(text -> json.writeString((String) text));
            json.writeEndArray();
        } else {
            json.writeString((String) value);
        }
    }
}
