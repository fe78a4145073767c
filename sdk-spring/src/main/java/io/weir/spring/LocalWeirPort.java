package io.weir.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.beans.factory.annotation.Value;

/** Of a field or parameter of a test: the port at which the application's node listens first, where the system has chosen it. */
@Documented
@Target({ElementType.FIELD, ElementType.METHOD, ElementType.PARAMETER, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Value("${" + LocalWeirPort.PROPERTY + "}")
public @interface LocalWeirPort {

    /** The property that has it. */
    String PROPERTY = "local.weir.port";
}
