using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;
using Actors.Messages.Jobs;
using Actors.Messages.Payloads;
using MemoryPack;

namespace Actors.Messages.Serialization;

/// <summary>
/// Creates the shapes of contracts. A parameter of a record without a default value is required. A reference may be null only if it is
/// declared as nullable. A member that is not required may also contain null items.
/// </summary>
public static class PackedShapes
{
    private static readonly MethodInfo SizeMethod = typeof(Unsafe).GetMethod(nameof(Unsafe.SizeOf))!;

    private static readonly MethodInfo ReferencesMethod =
        typeof(RuntimeHelpers).GetMethod(nameof(RuntimeHelpers.IsReferenceOrContainsReferences))!;

    public static PackedShape CreateShape(Type type, bool isNullable) => CreateShape(type, isNullable, itemIsNullable: false);

    private static PackedShape CreateShape(Type type, bool isNullable, bool itemIsNullable)
    {
        if (type == typeof(string))
            return new StringShape(isNullable);
        if (!ContainsReferences(type))
            return new FixedShape(GetSize(type));
        var definition = type.IsGenericType ? type.GetGenericTypeDefinition() : null;
        if (definition == typeof(ReadOnlyMemory<>))
            return new CollectionShape(CreateShape(type.GetGenericArguments()[0], isNullable: false), isNullable: true);
        if (definition == typeof(ImmutableArray<>))
            return new CollectionShape(CreateShape(type.GetGenericArguments()[0], itemIsNullable), isNullable);
        if (definition == typeof(KeyValuePair<,>))
        {
            return new PairShape(
                CreateShape(type.GetGenericArguments()[0], isNullable: true), CreateShape(type.GetGenericArguments()[1], isNullable: true));
        }

        if (type.GetCustomAttribute<MemoryPackableAttribute>() is { } packable)
            return new ObjectShape(() => GetMembers(type), packable.GenerateType == GenerateType.VersionTolerant, isNullable);
        throw new NotSupportedException($"{type} cannot be a member of a contract: its bytes could not be checked. Add its shape.");
    }

    /// <summary>
    /// Gets the members in the order of MemoryPack: the public properties in the order of declaration. For a record, the parameters come
    /// first.
    /// </summary>
    private static PackedMember[] GetMembers(Type type)
    {
        if (type.BaseType != typeof(object) || type.GetFields().Any(field => !field.IsStatic))
        {
            throw new NotSupportedException(
                $"{type} cannot be a contract: its bytes could not be checked. Use a record with properties and without a base.");
        }

        var parameters = FindConstructor(type).GetParameters().ToDictionary(parameter => parameter.Name!);
        return
        [
            .. type.GetProperties(BindingFlags.Instance | BindingFlags.Public)
                .Where(property => property.GetCustomAttribute<MemoryPackIgnoreAttribute>() is null)
                .OrderBy(property => property.MetadataToken)
                .Select(
                    property => CreateMember(
                        property, isRequired: parameters.TryGetValue(property.Name, out var parameter) && !parameter.HasDefaultValue)),
        ];
    }

    private static PackedMember CreateMember(PropertyInfo property, bool isRequired)
    {
        var isNullable = !isRequired
            || (new NullabilityInfoContext().Create(property).ReadState == NullabilityState.Nullable && !property.PropertyType.IsValueType);
        var shape = property.GetCustomAttribute<SharedFunctionsAttribute>() is null
            ? CreateShape(property.PropertyType, isNullable, itemIsNullable: !isRequired)
            : new JobSpecsShape(
                CreateShape(typeof(FunctionRef), isNullable: false), CreateShape(typeof(JobPolicy), isNullable: false),
                CreateShape(typeof(StoredPayload), isNullable: false), CreateShape(typeof(ReadOnlyMemory<byte>), isNullable: false));
        return new PackedMember(shape, isRequired);
    }

    /// <summary>Finds the constructor that is not the copy constructor of a record.</summary>
    private static ConstructorInfo FindConstructor(Type type) =>
        type.GetConstructors().Single(constructor => constructor.GetParameters() is not [{ } only] || only.ParameterType != type);

    private static bool ContainsReferences(Type type) => (bool)ReferencesMethod.MakeGenericMethod(type).Invoke(null, null)!;

    private static int GetSize(Type type) => (int)SizeMethod.MakeGenericMethod(type).Invoke(null, null)!;
}
