using System.Reflection;

namespace Actors.Analyzers.Tests;

public class JobTypesTests
{
    /// <summary>Delegates of these types run in the program that passes them.</summary>
    private static readonly string[] Others =
    [
        "Actors.ConnectionListener", "Actors.JobOptions", "Actors.ManagedArray`1", "Actors.ManagedBarrier", "Actors.ManagedCondition",
        "Actors.ManagedDictionary`2", "Actors.ManagedList`1", "Actors.ManagedNamespace", "Actors.ManagedValue`1",
    ];

    /// <summary>A new public type, method or property that takes a delegate is entered in one of the two lists.</summary>
    [Fact]
    public void Forms_NameEachTypeWhoseMembersPassFunctionsToWorkers()
    {
        var parameters = typeof(ProcessPool).Assembly.GetExportedTypes().Where(type => !type.IsSubclassOf(typeof(Delegate)))
            .SelectMany(type => type.GetMethods().Where(method => method.DeclaringType == type)
                .Concat<MethodBase>(type.GetConstructors()))
            .SelectMany(method => method.GetParameters()).Where(parameter => parameter.ParameterType.IsSubclassOf(typeof(Delegate)))
            .ToList();

        Assert.Equal(
            JobTypes.Forms.Keys.Concat(Others).Order(StringComparer.Ordinal),
            parameters.Select(parameter => parameter.Member.DeclaringType!.FullName!).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(
            ["factory", "function", "map", "reduce", "target", "value"],
            parameters.Where(parameter => JobTypes.Forms.ContainsKey(parameter.Member.DeclaringType!.FullName!))
                .Select(parameter => parameter.Name!).Distinct().Order(StringComparer.Ordinal));
    }
}
