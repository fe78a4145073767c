package io.weir.spring.test;

import io.weir.spring.PeerNodeCustomizer;
import io.weir.spring.WeirMessageHandler;
import io.weir.spring.WeirRequestHandler;
import io.weir.spring.WeirStreamHandler;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.springframework.boot.test.context.filter.annotation.StandardAnnotationCustomizableTypeExcludeFilter;
import org.springframework.core.type.classreading.MetadataReader;
import org.springframework.core.type.classreading.MetadataReaderFactory;

/** Takes the components that a {@link WeirTest} is about. */
final class WeirTypeExcludeFilter extends StandardAnnotationCustomizableTypeExcludeFilter<WeirTest> {

    private static final List<String> HANDLERS = List.of(
            WeirRequestHandler.class.getName(), WeirMessageHandler.class.getName(), WeirStreamHandler.class.getName());

    WeirTypeExcludeFilter(Class<?> testClass) {
        super(testClass);
    }

    @Override
    protected Set<Class<?>> getKnownIncludes() {
        return Set.of(PeerNodeCustomizer.class, TestPeer.class);
    }

    @Override
    protected boolean defaultInclude(MetadataReader reader, MetadataReaderFactory factory) throws IOException {
        return HANDLERS.stream().anyMatch(reader.getAnnotationMetadata()::hasAnnotatedMethods)
                || super.defaultInclude(reader, factory);
    }
}
