package io.weir.spring.properties;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What editors tell of the properties. */
class MetadataTest {

    private static final String FILE = "META-INF/spring-configuration-metadata.json";

    @Test
    @EnabledIfSystemProperty(
            named = "surefire.real.class.path",
            matches = ".*",
            disabledReason = "only Maven generates it")
    void everyPropertyHasADescription() throws IOException {
        URL classes = WeirProperties.class.getProtectionDomain().getCodeSource().getLocation();
        URL file = Collections.list(WeirProperties.class.getClassLoader().getResources(FILE)).stream()
                .filter(found -> found.toString().contains(classes.getPath()))
                .findFirst()
                .orElseThrow();
        JsonNode metadata;
        try (InputStream content = file.openStream()) {
            metadata = JsonMapper.builder().build().readTree(content);
        }
        List<JsonNode> properties = StreamSupport.stream(
                        metadata.get("properties").spliterator(), false)
                .filter(property -> property.get("name").asString().startsWith("weir."))
                .toList();

        assertThat(properties).hasSizeGreaterThan(40);
        Set<String> bare = new TreeSet<>();
        properties.stream()
                .filter(property -> !property.has("description"))
                .forEach(property -> bare.add(property.get("name").asString()));
        assertThat(bare).isEmpty();
    }
}
