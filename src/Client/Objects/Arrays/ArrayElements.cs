using System.Reflection;
using Actors.Messages.Values;

namespace Actors.Objects;

/// <summary>Checks the element type of a managed array, whose bits are shared as they are.</summary>
internal static class ArrayElements
{
    /// <summary>Throws for a type whose bits depend on the time zone of the process.</summary>
    /// <exception cref="NotCarriedException">The type is or has a <see cref="DateTime"/>.</exception>
    public static void RequirePortable<T>()
        where T : unmanaged
    {
        if (HasLocalTime(typeof(T)))
        {
            throw new NotCarriedException(
                $"An array of {TypeNames.GetFullName(typeof(T))} cannot be shared: a local System.DateTime is another instant in a process "
                + "with another time zone. Use System.DateTimeOffset, or the ticks of a UTC time as long.");
        }
    }

    private static bool HasLocalTime(Type type) =>
        type == typeof(DateTime)
        || (FrameworkAssemblies.IsFrameworkType(type)
            ? type.GetGenericArguments().Any(HasLocalTime)
            : !type.IsEnum && type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
                .Any(field => HasLocalTime(field.FieldType)));
}
