@NullMarked
package io.weir.spring.properties;

import org.jspecify.annotations.NullMarked;
