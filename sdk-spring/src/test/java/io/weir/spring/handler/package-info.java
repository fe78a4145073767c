@NullMarked
package io.weir.spring.handler;

import org.jspecify.annotations.NullMarked;
