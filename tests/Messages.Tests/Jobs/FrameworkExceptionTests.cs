using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Reflection.Emit;
using System.Text.Json;
using System.Text.RegularExpressions;
using Actors.Messages.Jobs;
using Actors.Messages.Values;

namespace Actors.Messages.Tests.Jobs;

/// <summary>An exception of the framework matches the catch clause that it would match in the process that threw it.</summary>
public class FrameworkExceptionTests
{
    private const BindingFlags Any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    public static TheoryData<Type> ExceptionTypes() => [.. FindTypes().Where(type => CreateSamples(type).Count > 0)];

    [Fact]
    public void Decode_InternalClassOfTheFramework_MatchesItsPublicBaseClass()
    {
        var thrown = Catch<JsonException>(() => JsonDocument.Parse("{\n x"));

        var back = Assert.IsAssignableFrom<JsonException>(Back(thrown));

        Assert.Equal((thrown.Message, 1L, thrown.BytePositionInLine), (back.Message, back.LineNumber, back.BytePositionInLine));
    }

    [Fact]
    public void Decode_PublicClassWithItsOwnConstructor_KeepsItsProperties()
    {
        var thrown = Catch<RegexParseException>(() => _ = new Regex("("));
        var back = Assert.IsType<RegexParseException>(Back(thrown));
        Assert.Equal((thrown.Message, thrown.Error, thrown.Offset), (back.Message, back.Error, back.Offset));

        var read = Assert.IsType<HttpIOException>(Back(new HttpIOException(HttpRequestError.ResponseEnded, "m", new IOException("inner"))));
        Assert.Equal(HttpRequestError.ResponseEnded, read.HttpRequestError);
        Assert.IsType<IOException>(read.InnerException);
    }

    [Fact]
    public void Decode_FieldOfTheFrameworkCannotTravel_NamesIt()
    {
        var validation = Assert.IsType<ValidationException>(Back(new ValidationException(new ValidationResult("bad", ["Name"]), null, 5)));
        Assert.Equal(("bad", 5), (validation.Message, validation.Value));
        AssertMissing("ValidationException.", "a System.ComponentModel.DataAnnotations.ValidationResult", validation);

        var load = Back(new ReflectionTypeLoadException([typeof(int)], [new FormatException("a")]));
        AssertMissing("ReflectionTypeLoadException.LoaderExceptions", "a System.Exception[]", load);
    }

    /// <summary>Its fields cannot be set, so it becomes the nearest class that its catch clauses may name.</summary>
    [Fact]
    public void Decode_FieldOfAClassWithItsOwnConstructorCannotTravel_BecomesItsBaseClass()
    {
        var type = EmitException();
        var thrown = (Exception)Activator.CreateInstance(type, Stream.Null)!;
        Assert.True(FrameworkAssemblies.IsFrameworkType(type));

        var back = Assert.IsType<IOException>(Back(thrown));

        Assert.Equal("m", back.Message);
        AssertMissing(
            "System.Emitted.StreamException: its fields cannot be carried, so this is its base class", "StreamException.Held", back);
    }

    [Theory]
    [MemberData(nameof(ExceptionTypes))]
    public void Decode_ExceptionOfTheFramework_IsTheSame(Type type)
    {
        foreach (var thrown in CreateSamples(type))
        {
            var back = Back(thrown);

            Assert.IsType(type, back);
            Assert.Equal(thrown.InnerException?.GetType(), back.InnerException?.GetType());
            Assert.Equal(ReadProperties(thrown), ReadProperties(back));
        }
    }

    /// <summary>Makes a class that counts as one of the framework, because of the name of its assembly.</summary>
    private static Type EmitException()
    {
        var assembly = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("System.Emitted"), AssemblyBuilderAccess.Run);
        var type = assembly.DefineDynamicModule("m").DefineType(
            "System.Emitted.StreamException", TypeAttributes.Public, typeof(IOException));
        var held = type.DefineField("Held", typeof(Stream), FieldAttributes.Public);
        var il = type.DefineConstructor(MethodAttributes.Public, CallingConventions.HasThis, [typeof(Stream)]).GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldstr, "m");
        il.Emit(OpCodes.Call, typeof(IOException).GetConstructor([typeof(string)])!);
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Stfld, held);
        il.Emit(OpCodes.Ret);
        return type.CreateType();
    }

    private static void AssertMissing(string member, string content, Exception exception)
    {
        var missing = Assert.IsType<string>(exception.Data[FailureLimits.MissingKey]);
        Assert.Contains(member, missing, StringComparison.Ordinal);
        Assert.Contains(content, missing, StringComparison.Ordinal);
    }

    /// <summary>Gets the exception classes of the shared framework, public and internal.</summary>
    private static IEnumerable<Type> FindTypes() =>
        from path in Directory.EnumerateFiles(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "System.*.dll")
        from type in FindTypes(path)
        where type.IsSubclassOf(typeof(Exception)) && type is { IsAbstract: false, ContainsGenericParameters: false }
        orderby type.FullName
        select type;

    private static Type[] FindTypes(string path)
    {
        try
        {
            return Assembly.Load(AssemblyName.GetAssemblyName(path)).GetTypes();
        }
        catch (BadImageFormatException)
        {
            return []; // A native library.
        }
    }

    /// <summary>Creates an exception with each constructor whose parameters have simple types.</summary>
    private static List<Exception> CreateSamples(Type type) =>
        [.. type.GetConstructors(Any).Select(CreateSample).OfType<Exception>()];

    private static Exception? CreateSample(ConstructorInfo constructor)
    {
        var arguments = constructor.GetParameters().Select((parameter, at) => CreateArgument(parameter.ParameterType, at)).ToArray();
        if (arguments.Contains(null))
            return null;
        try
        {
            return (Exception)constructor.Invoke(arguments);
        }
        catch (TargetInvocationException)
        {
            return null; // The arguments have no meaning.
        }
    }

    private static object? CreateArgument(Type type, int at) =>
        type == typeof(string) ? $"text {at}"
        : type == typeof(Exception) ? new FormatException("inner")
        : type == typeof(bool) ? true
        : type.IsEnum ? Enum.GetValues(type).Cast<object>().LastOrDefault()
        : type.IsPrimitive && type != typeof(nint) && type != typeof(nuint) ? Convert.ChangeType(at + 3, type, null)
        : Nullable.GetUnderlyingType(type) is { } underlying ? CreateArgument(underlying, at)
        : type == typeof(object) ? $"value {at}"
        : type == typeof(byte[]) ? new byte[] { 1, 2 }
        : null;

    /// <summary>Reads the public properties of simple types.</summary>
    private static Dictionary<string, object?> ReadProperties(Exception exception) => exception.GetType().GetProperties()
        .Where(property => property.GetIndexParameters().Length == 0 && IsSimple(property.PropertyType))
        .Where(property => property.Name is not (nameof(Exception.StackTrace) or nameof(Exception.Source)))
        .ToDictionary(property => property.Name, property => property.GetValue(exception));

    private static bool IsSimple(Type type) =>
        type == typeof(string) || type.IsPrimitive || type.IsEnum
        || (Nullable.GetUnderlyingType(type) is { } underlying && IsSimple(underlying));

    private static T Catch<T>(Action action)
        where T : Exception => Assert.ThrowsAny<T>(action);

    private static Exception Back(Exception exception) => FailureConverter.ToException(FailureConverter.ToFailure(exception), "here");
}
