using System.Text.Json;
using Actors.Analyzers.Tests.Compared;
using Actors.Analyzers.Types;
using Actors.Messages.Values;
using Microsoft.CodeAnalysis;

namespace Actors.Analyzers.Tests;

/// <summary>The analyzer and the check at run time agree.</summary>
public class TravelComparisonTests
{
    private const string Prefix = "An argument of the job cannot travel. ";

    [Fact]
    public async Task UserTypes_AnalyzerAndRunTimeCheck_RefuseTheSameForTheSameReason()
    {
        var fields = typeof(ComparedTypes).GetFields();
        var calls = string.Join('\n', fields.Select(field => $"pool.Apply(value => 0, {nameof(ComparedTypes)}.{field.Name});"));
        var source = await File.ReadAllTextAsync(Path.Combine(UserCode.Root, "tests/Analyzers.Tests/ComparedTypes.cs"));

        var found = await UserCode.AnalyzeAsync(
            [source, $"using Actors.Analyzers.Tests.Compared;\nusing var pool = ProcessPool.Start(1);\n{calls}"]);

        var refused = found.Where(one => one.Id == "ACTORS101").ToDictionary(
            one => fields[one.Location.GetLineSpan().StartLinePosition.Line - 2].Name, one => one.GetMessage()[Prefix.Length..]);
        Assert.All(fields, field => Assert.Equal(TypeCheck.FindRefusal(field.FieldType), refused.GetValueOrDefault(field.Name)));
        Assert.InRange(refused.Count, fields.Length / 4, fields.Length * 3 / 4);
    }

    /// <summary>Each public type of .NET and of this library, alone or with int for its type parameters.</summary>
    [Fact]
    public void PublicTypes_AnalyzerAndRunTimeCheck_RefuseTheSame()
    {
        var check = new TravelCheck();
        var types = new[] { typeof(object), typeof(LinkedList<>), typeof(HttpClient), typeof(JsonElement), typeof(ProcessPool) }
            .SelectMany(type => type.Assembly.GetExportedTypes())
            // Blocks of extension members are types with such a name.
            .Where(type => !type.Name.StartsWith('<') && !(type.IsAbstract && type.IsSealed) && !(type.IsGenericType && type.IsNested))
            .Select(Close).OfType<Type>().ToList();

        var different = types.Where(type => (check.FindRefusal(ToSymbol(type)) is null) != (TypeCheck.FindRefusal(type) is null));

        Assert.InRange(types.Count, 1000, 10000);
        Assert.True(!different.Any(), string.Join(" ", different.Select(type => type.FullName)));
    }

    private static Type? Close(Type type)
    {
        try
        {
            return type.IsGenericTypeDefinition ? type.MakeGenericType([.. type.GetGenericArguments().Select(_ => typeof(int))]) : type;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static INamedTypeSymbol ToSymbol(Type type)
    {
        var definition = UserCode.Empty.GetTypeByMetadataName((type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName!)!;
        var number = UserCode.Empty.GetSpecialType(SpecialType.System_Int32);
        return type.IsGenericType ? definition.Construct([.. type.GetGenericArguments().Select(_ => number)]) : definition;
    }
}
