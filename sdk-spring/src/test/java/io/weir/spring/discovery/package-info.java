@NullMarked
package io.weir.spring.discovery;

import org.jspecify.annotations.NullMarked;
